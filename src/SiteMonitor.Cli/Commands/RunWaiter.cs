using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Waits until the runs of some issues have ended, with a progress bar, and shows their outcomes.</summary>
internal static class RunWaiter
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>A restart or a slot swap takes less; runs continue meanwhile.</summary>
    public static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(1);

    /// <returns>The exit code: <see cref="ExitCode.Failed"/> if an issue failed.</returns>
    public static async Task<int> WaitAsync(CommandContext context, IReadOnlyList<IssueRef> issues, CancellationToken cancellationToken)
    {
        Dictionary<IssueRef, IssueStatus> ended = [];
        OutageTimer outage = new(context.Terminal.Time, MaxOutage);
        await context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("Issues", maxValue: Math.Max(1, issues.Count));
                while (await PollAsync(context, issues, ended, outage, bar, cancellationToken))
                {
                    await Task.Delay(PollInterval, context.Terminal.Time, cancellationToken);
                }
            });
        IssueStatus[] results = [.. issues.Where(ended.ContainsKey).Select(i => ended[i])];
        if (context.Json)
        {
            context.Terminal.Out.WriteJson(results);
        }
        else
        {
            OutcomeText.Write(context.Terminal.Out, results);
        }

        return results.Length == issues.Count && results.All(r => !OutcomeText.IsFailure(r)) ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <returns>Whether some runs have not ended.</returns>
    private static async Task<bool> PollAsync(
        CommandContext context,
        IReadOnlyList<IssueRef> issues,
        Dictionary<IssueRef, IssueStatus> ended,
        OutageTimer outage,
        ProgressTask bar,
        CancellationToken cancellationToken)
    {
        foreach (IssueRef issue in issues.Where(i => !ended.ContainsKey(i)))
        {
            if (await ReadStatusAsync(context, issue, outage, cancellationToken) is not { } status)
            {
                return true;
            }

            if (!status.Active)
            {
                ended[issue] = status;
                bar.Value = ended.Count;
            }
        }

        return ended.Count < issues.Count;
    }

    /// <summary>Returns the issue's status, or null if the application did not answer this time.</summary>
    private static async Task<IssueStatus?> ReadStatusAsync(
        CommandContext context, IssueRef issue, OutageTimer outage, CancellationToken cancellationToken)
    {
        ApiResponse<IssueStatus> response;
        try
        {
            response = await context.Api.GetAsync<IssueStatus>(IssueRoute.Of(issue), cancellationToken);
        }
        catch (UnreachableException) when (outage.RecordFailure())
        {
            return null;
        }

        if (response.Problem is { } problem)
        {
            return (int)response.Status >= 500 && outage.RecordFailure()
                ? null
                : throw new UnreachableException(
                    $"The application stopped reporting on {issue}: {problem.Title} ({problem.Status}). {problem.Detail}");
        }

        outage.Reset();
        return response.Value;
    }
}

/// <summary>Measures how long the application has not answered.</summary>
internal sealed class OutageTimer(TimeProvider time, TimeSpan limit)
{
    private DateTimeOffset? _since;

    /// <summary>Records a missing answer and returns whether to keep trying.</summary>
    public bool RecordFailure()
    {
        DateTimeOffset now = time.GetUtcNow();
        _since ??= now;
        return now - _since < limit;
    }

    public void Reset() => _since = null;
}
