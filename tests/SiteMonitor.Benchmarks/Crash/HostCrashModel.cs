using Microsoft.DurableTask.Client;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>Checks GitHub's state and the run history after a campaign.</summary>
internal static class HostCrashModel
{
    /// <summary>Writes that an issue may get only once from the product.</summary>
    private static readonly WriteKind[] AppliedOnce = [WriteKind.Body, WriteKind.Commented, WriteKind.Assigned];

    public static bool IsOurs(WriteEntry write) => write.Via != "person";

    /// <returns>One sentence per problem.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(HostOnSandbox setup, IReadOnlyList<OpenedIssue> opened,
    CancellationToken cancellationToken) =>
    [
        .. await FindRollbackAsync(setup, cancellationToken),
        .. BacklogCheck.FaultsOf(setup.Sandbox),
        .. opened.SelectMany(issue => FaultsOf(setup.Sandbox, issue)),
        .. Repeated(setup.Sandbox),
        .. setup.Instances().Where(i => i.Status != OrchestrationRuntimeStatus.Completed).Select(
            i => $"instance {i.Id} is {i.Status}: {i.CustomStatus}"),
        .. Runs(await setup.RecordsAsync(cancellationToken), opened),
    ];

    /// <summary>After a rollback the legacy logic takes the issues, which would otherwise look lost.</summary>
    private static async Task<IEnumerable<string>> FindRollbackAsync(HostOnSandbox setup, CancellationToken cancellationToken)
    {
        if (await setup.FindRollbackAsync(cancellationToken) is not { } mark)
        {
            return [];
        }

        return [$"{mark.Title} by {mark.By}: {mark.Reason}"];
    }

    /// <summary>Describes failed runs by their code: kills should cause none.</summary>
    public static IEnumerable<string> DescribeFailures(IReadOnlyList<RunRecord> records) => records.Where(RunStatistics.IsError)
        .GroupBy(r => r.ReasonCode).Select(g => $"{g.Count()} runs failed, {g.Key}: {g.First().Reason}");

    /// <returns>Problems of an issue that must have been fully processed.</returns>
    public static IEnumerable<string> FaultsOf(SandboxServer sandbox, OpenedIssue opened)
    {
        IssueView issue = sandbox.Issue(opened.Number)!;
        if (!issue.Labels.Contains(WorkflowLabels.CopilotAssigned)
            || !issue.Labels.Contains(opened.Specialist)
            || issue.Labels.Intersect(WorkflowLabels.ShortLived).Any())
        {
            yield return $"#{opened.Number}: labels are {string.Join(", ", issue.Labels)}";
        }

        int sections = issue.Body.Split(SeedCheck.GuidanceHeading).Length - 1;
        int comments = issue.Comments.Count(c => c.Author == BacklogCheck.Bot);
        if (sections != 1 || comments != 1 || !issue.Assignees.Contains("Copilot"))
        {
            yield return $"#{opened.Number}: {sections} guidance sections, {comments} comments, assigned to '{string.Join(", ", issue.Assignees)}'";
        }
    }

    private static IEnumerable<string> Repeated(SandboxServer sandbox) =>
        sandbox.Writes.Where(w => IsOurs(w) && w.Effective && AppliedOnce.Contains(w.Kind))
            .GroupBy(w => (w.Issue, w.Kind))
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Key.Issue}: {same.Key.Kind} applied {same.Count()} times");

    /// <summary>The ledger must contain each issue's success once.</summary>
    private static IEnumerable<string> Runs(IReadOnlyList<RunRecord> records, IReadOnlyList<OpenedIssue> opened)
    {
        ILookup<string, RunRecord> succeeded = records.Where(
            r => r is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded }).ToLookup(r => r.Issue, StringComparer.OrdinalIgnoreCase);
        return opened.Select(o => $"{SeedCatalogue.Repository}#{o.Number}")
            .Where(issue => succeeded[issue].Count() != 1)
            .Select(issue => $"{issue}: {succeeded[issue].Count()} successful runs in the ledger");
    }
}

/// <summary>An issue opened by a person during the campaign.</summary>
/// <param name="Specialist">Label of the expected specialist.</param>
internal sealed record OpenedIssue(int Number, string Specialist);
