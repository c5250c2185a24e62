using System.Text.Json;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Waits until the runs of some issues have ended, with a progress bar, and shows what became of each.</summary>
internal static class RunWaiter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A restart or a swap of slots takes less; the runs go on meanwhile.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(1);

    /// <returns>Whether an issue failed, as an exit code.</returns>
    public static async Task<int> WaitAsync(CommandContext context, IReadOnlyList<IssueRef> issues, CancellationToken cancellationToken)
    {
        Dictionary<IssueRef, IssueStatus> ended = [];
        OutageTimer outage = new(context.Terminal.Time, LongestOutage);
        await context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("Issues", maxValue: Math.Max(1, issues.Count));
                while (await PollAsync(context, issues, ended, outage, bar, cancellationToken))
                {
                    await Task.Delay(Interval, context.Terminal.Time, cancellationToken);
                }
            });
        IssueStatus[] results = [.. issues.Where(ended.ContainsKey).Select(i => ended[i])];
        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, $"[{string.Join(',', results.Select(r => JsonSerializer.Serialize(r, ContractJson.Default.IssueStatus)))}]");
        }
        else
        {
            OutcomeText.Write(context.Terminal.Out, results);
        }

        return results.Length == issues.Count && results.All(r => !OutcomeText.IsFailure(r)) ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <returns>Whether some still run.</returns>
    private static async Task<bool> PollAsync(
        CommandContext context, IReadOnlyList<IssueRef> issues, Dictionary<IssueRef, IssueStatus> ended, OutageTimer outage, ProgressTask bar, CancellationToken cancellationToken)
    {
        foreach (IssueRef issue in issues.Where(i => !ended.ContainsKey(i)))
        {
            if (await AskAsync(context, issue, outage, cancellationToken) is not { } status)
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

    /// <summary>Null when the application did not answer this time.</summary>
    private static async Task<IssueStatus?> AskAsync(CommandContext context, IssueRef issue, OutageTimer outage, CancellationToken cancellationToken)
    {
        ApiResponse<IssueStatus> answer;
        try
        {
            answer = await context.Api.GetAsync(IssueRoute.Of(issue), ContractJson.Default.IssueStatus, cancellationToken);
        }
        catch (UnreachableException) when (outage.RecordFailure())
        {
            return null;
        }

        if (answer.Problem is { } problem)
        {
            return (int)answer.Status >= 500 && outage.RecordFailure()
                ? null
                : throw new UnreachableException($"The application no longer answers for {issue}: {problem.Title} ({problem.Status}). {problem.Detail}");
        }

        outage.Reset();
        return answer.Value;
    }
}

/// <summary>How long the application has not answered, without a break.</summary>
internal sealed class OutageTimer(TimeProvider time, TimeSpan longest)
{
    private DateTimeOffset? _since;

    /// <summary>Notes that there was no answer, and says whether that may still pass.</summary>
    public bool RecordFailure()
    {
        DateTimeOffset now = time.GetUtcNow();
        _since ??= now;
        return now - _since < longest;
    }

    public void Reset() => _since = null;
}
