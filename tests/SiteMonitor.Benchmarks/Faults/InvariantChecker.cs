using System.Globalization;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Checks a seed's invariants after everything has healed.</summary>
internal static class InvariantChecker
{
    /// <summary>Writes to an issue that a violation shows.</summary>
    private const int ShownWrites = 8;

    public static async Task<SeedResult> CheckAsync(
        FaultSchedule schedule, ICampaignHost host, IReadOnlyList<OpenedFinding> opened, int batches, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunRecord> records = [.. (await host.RecordsAsync(cancellationToken)).Where(r => r.Kind == RunKind.Run)];
        RollbackState? rollback = await host.FindRollbackAsync(cancellationToken);
        ILookup<string, RunRecord> byIssue = records.ToLookup(r => r.Issue, StringComparer.OrdinalIgnoreCase);
        ILookup<string, WriteEntry> writes = host.Sandbox.Writes.ToLookup(w => w.Issue, StringComparer.OrdinalIgnoreCase);
        IReadOnlyDictionary<FaultRule, int> injected = host.Sandbox.InjectedFaults;
        HashSet<int> impossible =
            [.. schedule.Faults.Where(f => f.Issue is not null && injected.ContainsKey(f.Rule)).Select(f => f.Issue!.Value)];
        List<Violation> violations = [];
        List<FindingResult> findings = [];
        foreach (OpenedFinding finding in opened)
        {
            IssueInvariants check = new(
                finding, host.Sandbox.Issue(finding.Number)!, [.. byIssue[finding.Key]], [.. writes[finding.Key]], rollback);
            string lastWrites = string.Join('\n', writes[finding.Key].TakeLast(ShownWrites).Select(Describe));
            violations.AddRange(check.FindViolations(schedule.ClockSkew)
                .Select(v => v with { Seed = schedule.Seed, Issue = finding.Key, LastWrites = lastWrites }));
            findings.Add(new FindingResult(finding.Key, check.Outcome, check.Problem, impossible.Contains(finding.Finding.Number)));
        }

        long requests = host.Sandbox.Stats.GitHubRequests;
        int faults = injected.Sum(i => i.Value);
        violations.AddRange((await HostInvariants.FindAsync(host, records, opened.Count, faults, batches, cancellationToken))
            .Select(v => v with { Seed = schedule.Seed }));
        return new SeedResult
        {
            Seed = schedule.Seed,
            Findings = findings,
            Violations = violations,
            Injected = CountByKind(schedule, injected, host.Kills),
            Runs = records.Count,
            GitHubRequests = requests,
            RequestsPerFault = Math.Max(0, requests - HostInvariants.CountFaultless(records, opened.Count, batches))
                / Math.Max(1.0, faults + host.Kills),
            RollbackBy = rollback?.By,
        };
    }

    private static SortedDictionary<string, int> CountByKind(
        FaultSchedule schedule, IReadOnlyDictionary<FaultRule, int> injected, int kills)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (PlannedFault fault in schedule.Faults.DistinctBy(f => f.Rule))
        {
            Add(fault.Kind.Name, injected.GetValueOrDefault(fault.Rule));
        }

        Add("tokens rotated", schedule.Rounds.Count(r => r.RevokesTokens));
        Add("rollback", schedule.Rounds.Count(r => r.RollsBack));
        Add("clock skew", schedule.ClockSkew == TimeSpan.Zero ? 0 : 1);
        Add("kill -9", kills);
        return counts;

        void Add(string kind, int count)
        {
            if (count > 0)
            {
                counts[kind] = counts.GetValueOrDefault(kind) + count;
            }
        }
    }

    private static string Describe(WriteEntry write) => string.Create(
        CultureInfo.InvariantCulture,
        $"      {write.At:HH:mm:ss} request {write.Request} {write.By} {write.Kind} '{write.Before}' → '{write.After}'"
        + $"{(write.Effective ? "" : " (no change)")}");
}

/// <summary>An invariant that does not hold.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Seen">What was seen.</param>
internal sealed record Violation(string Expected, string Seen)
{
    public int Seed { get; init; }

    /// <summary>Empty if it concerns no single issue.</summary>
    public string Issue { get; init; } = string.Empty;

    /// <summary>The last writes to the issue, one line each.</summary>
    public string LastWrites { get; init; } = string.Empty;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"seed {Seed} {Issue}: expected {Expected}; seen {Seen}")
        + (LastWrites.Length == 0 ? "" : $"\n{LastWrites}");
}

/// <summary>What became of a finding.</summary>
/// <param name="Outcome">How its last run ended, or <c>untouched</c>.</param>
/// <param name="Problem">Why it is not a success; empty if it is one.</param>
/// <param name="IsBlockedByFault">Whether a fault that lasted made it impossible.</param>
internal sealed record FindingResult(string Issue, string Outcome, string Problem, bool IsBlockedByFault);

/// <summary>The figures of a seed, and what is wrong after it.</summary>
internal sealed record SeedResult
{
    public required int Seed { get; init; }

    public required IReadOnlyList<FindingResult> Findings { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Requests and deliveries that a fault hit, by kind.</summary>
    public required IReadOnlyDictionary<string, int> Injected { get; init; }

    public required int Runs { get; init; }

    public required long GitHubRequests { get; init; }

    /// <summary>Requests beyond what the issues and batches may cost without faults, by injected fault.</summary>
    public double RequestsPerFault { get; init; }

    /// <summary>Who rolled back: an operator or the guard; null for nobody.</summary>
    public required string? RollbackBy { get; init; }

    /// <summary>Findings that no fault made impossible.</summary>
    public int Possible => Findings.Count(f => !f.IsBlockedByFault);

    public int Succeeded => Findings.Count(f => !f.IsBlockedByFault && f.Problem.Length == 0);
}
