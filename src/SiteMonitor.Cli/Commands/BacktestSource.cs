using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Export;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Reads the newest issues of an export, of a repository, or of the built-in set when neither is given.</summary>
/// <param name="limit">Most issues that are kept, so that others need no memory.</param>
internal sealed class BacktestSource(CommandContext context, int limit)
{
    private readonly PriorityQueue<IssueHistory, DateTimeOffset> _newest = new();

    /// <summary>An export; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>The repository to read instead of an export; null for none.</summary>
    public RepositoryRef? GitHubRepository { get; init; }

    /// <summary>With a repository: issues opened in the last days, this many.</summary>
    public int Days { get; init; }

    public bool IsBuiltIn => File is null && GitHubRepository is null;

    /// <summary>Where the issues are from; known after <see cref="ReadAsync"/>.</summary>
    public string Repository { get; private set; } = string.Empty;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<IssueHistory> Issues => [.. _newest.UnorderedItems.Select(i => i.Element).OrderBy(i => i.Number)];

    /// <returns>The problem of a request; null when there was none.</returns>
    /// <exception cref="UsageException">The export cannot be read.</exception>
    public async Task<ApiResponse<HistoryPage>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (GitHubRepository is not null)
        {
            Repository = GitHubRepository.ToString();
            DateTimeOffset since = context.Terminal.Time.GetUtcNow().AddDays(-Days);
            return await ReadRepositoryAsync(new ExportHeader { Repository = Repository, Since = since }, cancellationToken);
        }

        await ReadExportAsync(cancellationToken);
        return null;
    }

    private Task<ApiResponse<HistoryPage>?> ReadRepositoryAsync(ExportHeader header, CancellationToken cancellationToken) =>
        context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("Reading issues");
                HistoryPages pages = new(context.Api, context.Terminal.Time, until => bar.Description = until is { } end
                    ? $"Waiting for GitHub's rate limit until {end.UtcDateTime:HH:mm:ss} UTC"
                    : "Reading issues");
                string? next = null;
                do
                {
                    ApiResponse<HistoryPage> response = await pages.ReadAsync(header, next, cancellationToken);
                    if (response.Value is not { } page)
                    {
                        return response;
                    }

                    foreach (IssueHistory issue in page.Issues)
                    {
                        Keep(issue);
                    }

                    bar.MaxValue = Math.Max(1, page.Total);
                    bar.Increment(page.Issues.Count);
                    next = page.Next;
                }
                while (next is not null);
                return null;
            });

    private async Task ReadExportAsync(CancellationToken cancellationToken)
    {
        try
        {
            using TextReader reader = File is null
                ? ExportFile.OpenEvaluationSet()
                : new StreamReader(Path.Combine(context.Terminal.WorkingDirectory, File));
            Repository = (await ExportFile.ReadHeaderAsync(reader, cancellationToken)).Repository;
            await foreach (IssueHistory issue in ExportFile.ReadIssuesAsync(reader, cancellationToken))
            {
                Keep(issue);
            }
        }
        catch (ExportException e)
        {
            throw new UsageException($"--file: {File}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--file: {File} cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }

    private void Keep(IssueHistory issue)
    {
        _newest.Enqueue(issue, issue.CreatedAt);
        if (_newest.Count > limit)
        {
            _newest.Dequeue();
        }
    }
}
