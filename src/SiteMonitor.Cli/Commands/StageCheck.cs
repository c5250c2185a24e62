using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary>Finds out whether a run that was just started refuses the stage that was asked for, as its first read shows.</summary>
internal static class StageCheck
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The steps of a run that finds nothing to do.</summary>
    private static readonly string[] FirstSteps = ["ReadIssue", "RecordRun"];

    /// <summary>Shows the start, and the reason if the run has already ended because the stage does not fit the issue.</summary>
    /// <returns>The exit code: <see cref="ExitCode.Failed"/> when the stage was refused.</returns>
    public static async Task<int> RunAsync(CommandContext context, IssueRef issue, string stage, CancellationToken cancellationToken)
    {
        if (stage == RequestedStage.Auto.ToName()
            || await WaitAsync(context, issue, cancellationToken) is not { } ended
            || !OutcomeText.IsFailure(ended))
        {
            return ExitCode.Ok;
        }

        string reason = ended.Failure.Length > 0 ? ended.Failure : ended.LastRun!.Reason;
        context.Terminal.Error.WriteStyledLine($"[red]{issue}: {ended.LastRun?.Outcome ?? ended.RuntimeStatus}: {reason}[/]");
        return ExitCode.Failed;
    }

    /// <summary>Returns the status of a run that ended at once; null when it goes on, or when it cannot be told in time.</summary>
    private static async Task<IssueStatus?> WaitAsync(CommandContext context, IssueRef issue, CancellationToken cancellationToken)
    {
        DateTimeOffset end = context.Terminal.Time.GetUtcNow() + Patience;
        while (context.Terminal.Time.GetUtcNow() < end)
        {
            ApiResponse<IssueStatus> response = await context.Api.GetAsync<IssueStatus>(IssueRoute.Of(issue), cancellationToken);
            if (response.Value is not { } status || (status is { Active: true, Progress.Step: var step } && !FirstSteps.Contains(step)))
            {
                return null;
            }

            if (!status.Active)
            {
                return status;
            }

            await Task.Delay(PollInterval, context.Terminal.Time, cancellationToken);
        }

        return null;
    }
}
