using System.CommandLine;
using System.Globalization;
using System.Net;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>run list|view|watch</c>: runs in progress and runs that have ended.</summary>
internal sealed class RunCommand
{
    /// <summary>Most runs that the route returns at once; a shortened id is searched among them.</summary>
    private const int MaxRuns = 500;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly IssueOptions _issue = new();
    private readonly Option<string?> _outcome = new("--outcome") { Description = "Only these outcomes, such as failed,critical." };
    private readonly Option<string?> _route = new("--route") { Description = "Only runs of this route: unified or legacy." };
    private readonly Option<int> _limit =
        new("--limit") { Description = $"Number of runs, 1 to {MaxRuns}.", DefaultValueFactory = _ => 20 };
    private readonly Option<bool> _all = new("--all") { Description = "Also show runs that were skipped." };

    private RunCommand() => _route.AcceptOnlyFromAmong("unified", "legacy");

    public static Command Create(CommandBuilder builder)
    {
        Command run = new("run", "Show the runs of the pipeline.");
        run.Add(new RunCommand().CreateList(builder));
        run.Add(CreateView(builder));
        run.Add(new RunCommand().CreateWatch(builder));
        return run;
    }

    private static Command CreateView(CommandBuilder builder)
    {
        Argument<string> id = new("id") { Description = "The run's id, or its beginning as shown by 'run list'." };
        Command command = new("view", "Show a run with its steps.");
        command.Arguments.Add(id);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string given = context.Arguments.GetRequiredValue(id);
            ApiResponse<RunDetail> response = await ReadAsync(context, given, cancellationToken);
            if (response.Status == HttpStatusCode.NotFound && await FindIdAsync(context, given, cancellationToken) is { } whole)
            {
                response = await ReadAsync(context, whole, cancellationToken);
            }

            return context.Show(response, RunText.Write);
        });
    }

    private static Task<ApiResponse<RunDetail>> ReadAsync(CommandContext context, string id, CancellationToken cancellationToken) =>
        context.Api.GetAsync<RunDetail>($"runs/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <summary>Returns the id of the only recent run whose id begins so, or null if there is none.</summary>
    /// <exception cref="UsageException">Several runs begin so.</exception>
    private static async Task<string?> FindIdAsync(CommandContext context, string beginning, CancellationToken cancellationToken)
    {
        ApiResponse<RunList> response = await context.Api.GetAsync<RunList>($"runs?limit={MaxRuns}&all=true", cancellationToken);
        IEnumerable<string> known = (response.Value?.Runs ?? []).Select(r => r.RunId);
        string[] ids = [.. known.Where(i => i.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))];
        return ids.Length <= 1
            ? ids.FirstOrDefault()
            : throw new UsageException($"{ids.Length} runs begin with '{beginning}': give more of the id.");
    }

    private Command CreateList(CommandBuilder builder)
    {
        Command command = new("list", "List runs in progress and runs that have ended, newest first.");
        _issue.AddTo(command);
        command.Options.Add(_outcome);
        command.Options.Add(_route);
        command.Options.Add(_limit);
        command.Options.Add(_all);
        return builder.Build(command, async (context, cancellationToken) =>
            context.Show(await context.Api.GetAsync<RunList>(GetListPath(context), cancellationToken), RunText.WriteList));
    }

    private Command CreateWatch(CommandBuilder builder)
    {
        Command command = new("watch", "Show runs as they end, until none is in progress; exit code 1 if one failed.");
        _issue.AddTo(command);
        return builder.Build(command, WatchAsync);
    }

    private async Task<int> WatchAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string path = $"runs?limit={MaxRuns}{GetIssueFilter(context)}";
        OutageTimer outage = new(context.Terminal.Time, RunWaiter.MaxOutage);
        DateTimeOffset? shownUntil = null;
        int exitCode = ExitCode.Ok;
        while (true)
        {
            try
            {
                ApiResponse<RunList> response = await context.Api.GetAsync<RunList>(path, cancellationToken);
                if (response.Value is not { } list)
                {
                    return context.ShowProblem(response);
                }

                outage.Reset();
                RunSummary[] ended = [.. list.Runs.Where(r => r.Ended > (shownUntil ?? list.At)).OrderBy(r => r.Ended)];
                shownUntil = ended.Length > 0 ? ended[^1].Ended : shownUntil ?? list.At;
                foreach (RunSummary run in ended)
                {
                    Show(context, run);
                    exitCode = RunText.IsFailure(run) ? ExitCode.Failed : exitCode;
                }

                if (list.Active.Count == 0)
                {
                    return exitCode;
                }
            }
            catch (UnreachableException) when (outage.RecordFailure())
            {
                // Shown when it lasts.
            }

            await Task.Delay(PollInterval, context.Terminal.Time, cancellationToken);
        }
    }

    private static void Show(CommandContext context, RunSummary run)
    {
        if (context.Json)
        {
            context.Terminal.Out.WriteJson(run);
        }
        else
        {
            RunText.WriteLine(context.Terminal.Out, run);
        }
    }

    private string GetListPath(CommandContext context)
    {
        string limit = context.Arguments.GetValue(_limit).ToString(CultureInfo.InvariantCulture);
        string path = $"runs?limit={limit}{GetIssueFilter(context)}";
        path += context.Arguments.GetValue(_outcome) is { } outcome ? $"&outcome={Uri.EscapeDataString(outcome)}" : string.Empty;
        path += context.Arguments.GetValue(_route) is { } route ? $"&route={route}" : string.Empty;
        return context.Arguments.GetValue(_all) ? path + "&all=true" : path;
    }

    private string GetIssueFilter(CommandContext context)
    {
        string? filter = _issue.FindIssue(context) is { } issue ? issue.Canonical : _issue.FindRepository(context)?.ToString();
        return filter is null ? string.Empty : $"&issue={Uri.EscapeDataString(filter)}";
    }
}
