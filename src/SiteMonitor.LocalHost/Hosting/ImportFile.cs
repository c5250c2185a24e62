using System.Security.Cryptography;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>An export whose issues fill the sandbox as they were opened.</summary>
internal sealed record ImportFile
{
    private const string CopyName = "import.json";

    public required string Path { get; init; }

    /// <summary>SHA-256 of the file, by which a run of the same import is known.</summary>
    public required string Hash { get; init; }

    public required ExportHeader Header { get; init; }

    /// <summary>
    /// The open issues, or all issues to be replayed, oldest first, with the labels of their opening and <c>site-monitor</c>.
    /// </summary>
    public required ImportedIssues Issues { get; init; }

    /// <summary>The number of closed issues that are left out.</summary>
    public required int Closed { get; init; }

    /// <param name="all">Whether closed issues are taken too, as a replay of arrivals needs.</param>
    /// <exception cref="StartupException">The file is no valid export, or has no such issue.</exception>
    public static async Task<ImportFile> ReadAsync(string path, bool all, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            file.Position = 0;
            using StreamReader reader = new(file);
            ExportHeader header = await ExportFile.ReadHeaderAsync(reader, cancellationToken);
            List<ImportedIssue> issues = [];
            int closed = 0;
            await foreach (IssueHistory issue in ExportFile.ReadIssuesAsync(reader, cancellationToken))
            {
                if (all || issue.ClosedAt is null)
                {
                    issues.Add(Map(issue));
                }
                else
                {
                    closed++;
                }
            }

            return issues.Count > 0
                ? new ImportFile
                {
                    Path = path,
                    Hash = hash,
                    Header = header,
                    Issues = new(header.Repository, [.. issues.OrderBy(i => i.CreatedAt).ThenBy(i => i.Number)]),
                    Closed = closed,
                }
                : throw new StartupException(
                    $"--import: {path} has no {(all ? string.Empty : "open ")}issue, so there is nothing to rehearse on.");
        }
        catch (Exception e) when (e is ExportException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--import: {path} cannot be imported. {e.Message} 'sitemonitor export' writes such a file.");
        }
    }

    /// <summary>Keeps the file with a sandbox run, which another start may continue without naming it.</summary>
    public void CopyTo(DataDirectory directory)
    {
        File.Copy(Path, directory.PathOf(CopyName));
        directory.Protect(CopyName);
    }

    public static Task<ImportFile> ReadCopyAsync(DataDirectory directory, bool all, CancellationToken cancellationToken) =>
        ReadAsync(directory.PathOf(CopyName), all, cancellationToken);

    private static ImportedIssue Map(IssueHistory issue) => new(
        issue.Number,
        issue.Title,
        issue.Body,
        issue.Author,
        issue.CreatedAt,
        issue.GetLabelsAsOpened(CatalogueLoader.BuiltIn));
}
