using System.Text.RegularExpressions;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>What must hold for an issue, whatever has failed.</summary>
/// <param name="records">The issue's runs, oldest first.</param>
/// <param name="writes">All accepted writes to the issue, those of people too.</param>
internal sealed partial class IssueInvariants(
    OpenedFinding opened, IssueView issue, IReadOnlyList<RunRecord> records, IReadOnlyList<WriteEntry> writes, RollbackState? rollback)
{
    /// <summary>Time from a rollback to the last unified write that begins.</summary>
    private static readonly TimeSpan RollbackTakesEffect = TimeSpan.FromSeconds(30);

    /// <summary>Times in the write log are whole seconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    /// <summary>Requests of a run without repeats, and those of them that write.</summary>
    private const int MaxCalls = 5;
    private const int MaxWrites = 3;

    /// <summary>Labels that only the unified logic adds.</summary>
    private static readonly string[] UnifiedLabels =
        [WorkflowLabels.CopilotAssigned, .. WorkflowLabels.ShortLived, .. WorkflowLabels.Waiting];

    private readonly WorkflowState _state = LabelStateMachine.ReadState(issue.Labels, CatalogueLoader.BuiltIn);
    private readonly RunRecord? _last = records.LastOrDefault(r => r.Outcome != RunOutcome.Skipped) ?? (records is [.., var last] ? last : null);

    private bool IsUntouched => opened.Finding.ExpectedOutcome == SeedOutcome.Untouched;

    public string Outcome => _last is null ? "untouched" : _last.Outcome.ToString().ToLowerInvariant();

    private bool HasExpectedLabels => opened.Finding.ExpectedLabels.SetEquals(issue.Labels);

    /// <summary>Why the issue is no success; empty if it is one. After a rollback the legacy logic's outcomes are right too.</summary>
    public string Problem => (rollback is null || IsUntouched
        ? HasExpectedLabels
        : _last is { Outcome: RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Unmatched })
            ? string.Empty
            : $"labels are [{string.Join(", ", issue.Labels)}], not [{string.Join(", ", opened.Finding.ExpectedLabels)}]; runs: {DescribeRuns()}";

    /// <param name="clockSkew">How far the write log's clock is ahead of the ledger's.</param>
    public IEnumerable<Violation> FindViolations(TimeSpan clockSkew) =>
    [
        .. FindIllegalStates(),
        .. FindTextProblems(),
        .. FindRepeatedComments(),
        .. FindMissingComments(),
        .. FindLateWrites(clockSkew),
        .. FindRunProblems(),
    ];

    private IEnumerable<Violation> FindIllegalStates()
    {
        if (!_state.IsSettled && !(IsUntouched && HasExpectedLabels))
        {
            yield return new Violation("a legal state", $"[{string.Join(", ", issue.Labels)}]: {_state.Problem ?? "short-lived"}");
        }

        if (!IsUntouched && _last is null)
        {
            yield return new Violation("a run", "none: no run was started");
        }

        if (_last is { Outcome: not RunOutcome.Succeeded, ReasonCode.Length: 0 })
        {
            yield return new Violation("a reason", $"the last run ended {_last.Outcome} without one");
        }
    }

    private IEnumerable<Violation> FindTextProblems()
    {
        if (!issue.Body.Contains(opened.Original, StringComparison.Ordinal))
        {
            yield return new Violation("the original text", $"'{issue.Body[..Math.Min(issue.Body.Length, 200)]}'");
        }

        int sections = Count(issue.Body) - Count(opened.Original);
        bool isReady = issue.Labels.Contains(WorkflowLabels.CopilotAssigned);
        int most = _state.Specialists.Count > 0 ? 1 : 0;
        if (sections > most || (isReady && sections != 1))
        {
            yield return new Violation(isReady ? "one section of guidance" : $"at most {most} sections of guidance", $"{sections}");
        }
    }

    private IEnumerable<Violation> FindRepeatedComments() =>
        from comment in issue.Comments
        where CommentKind().Match(comment.Body) is { Success: true }
        group comment by CommentKind().Match(comment.Body).Groups[1].Value into kind
        where kind.Count() > 1
        select new Violation($"at most one comment '{kind.Key}'", $"{kind.Count()}");

    /// <summary>A write that was carried out in part goes on: no issue is left half prepared.</summary>
    private IEnumerable<Violation> FindLateWrites(TimeSpan clockSkew)
    {
        if (rollback is not { Kind: RollbackKind.Full, At: var at })
        {
            yield break;
        }

        DateTimeOffset deadline = at + clockSkew + RollbackTakesEffect + Rounding;
        bool hasBegun = writes.Any(w => w is { Via: not "person", Kind: WriteKind.Body, Effective: true } && w.At <= deadline);
        foreach (WriteEntry write in writes.Where(w => w.Via != "person" && w.At > deadline && IsUnified(w)).Take(hasBegun ? 0 : 1))
        {
            yield return new Violation(
                $"no unified write more than {RollbackTakesEffect.TotalSeconds:0} s after the rollback",
                $"{write.Kind} '{write.After}' {(write.At - clockSkew - at).TotalSeconds:0} s after it");
        }
    }

    private IEnumerable<Violation> FindMissingComments()
    {
        bool isUnified = _last is { Outcome: RunOutcome.Succeeded or RunOutcome.Waiting, Stages: [.., { Logic: Logic.Unified }] };
        if (isUnified && !IsUntouched && !issue.Comments.Any(c => CommentKind().IsMatch(c.Body)))
        {
            yield return new Violation("a comment that says what was done and why", "none");
        }
    }

    private static bool IsUnified(WriteEntry write) => write.Effective && (write.Kind == WriteKind.Assigned
        || (write.Kind == WriteKind.LabelAdded && UnifiedLabels.Contains(write.After, StringComparer.OrdinalIgnoreCase)));

    private IEnumerable<Violation> FindRunProblems()
    {
        if (records.Count(r => r is { Outcome: RunOutcome.Succeeded, Route: Logic.Unified }) is > 1 and var times)
        {
            yield return new Violation("one successful run", $"{times}");
        }

        foreach (RunRecord run in records.Where(r => r.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting))
        {
            if (run.Usage.GitHubReads + run.Usage.GitHubWrites > MaxCalls || run.Usage.GitHubWrites > MaxWrites)
            {
                yield return new Violation(
                    $"at most {MaxCalls} requests, {MaxWrites} of them writes, without repeats",
                    $"{run.Usage.GitHubReads} reads and {run.Usage.GitHubWrites} writes in a run: {run.Outcome} {run.ReasonCode}");
            }
        }

        if (_last is { Outcome: RunOutcome.Critical } critical)
        {
            yield return new Violation("no critical run", $"{critical.ReasonCode}: {critical.Reason}");
        }
    }

    private string DescribeRuns() => records.Count == 0
        ? "none"
        : $"{string.Join(", ", records.Select(r => $"{r.Outcome} {r.ReasonCode}".TrimEnd()))}: {records[^1].Reason}";

    private static int Count(string text) => text.Split(Guidance.Heading).Length - 1;

    [GeneratedRegex("<!-- sitemonitor:comment:([a-z-]+) ")]
    private static partial Regex CommentKind();
}
