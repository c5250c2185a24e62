using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Lists runs of the ledger.</summary>
public sealed class RunReader(IRunLedger ledger)
{
    /// <summary>Returns ended runs that match the filter, newest first.</summary>
    public async Task<IReadOnlyList<RunSummary>> ListAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        List<RunSummary> found = [];
        LedgerQuery query = new(To: filter.Before, Issue: filter.IsOneIssue ? filter.Issue : null, NewestFirst: true);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (filter.Matches(record))
            {
                found.Add(RunSummary.From(record));
                if (found.Count == filter.Limit)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Returns runs that are not known yet, in the order they ended, and adds them to those that are known.</summary>
    /// <param name="from">Only runs that started at or after this (UTC).</param>
    /// <param name="known">Ids of runs.</param>
    /// <param name="limit">Maximum number of runs; of more, those that ended last.</param>
    public async Task<IReadOnlyList<RunSummary>> ListNewAsync(
        DateTimeOffset from, HashSet<string> known, int limit, CancellationToken cancellationToken)
    {
        RunFilter filter = new() { Limit = limit };
        IEnumerable<IRunFacts> news = (await ledger.ReadFactsAsync(new LedgerQuery(From: from), cancellationToken))
            .Where(facts => filter.Matches(facts) && known.Add(facts.RunId))
            .OrderBy(facts => facts.Ended);
        List<RunSummary> runs = [];
        foreach (IRunFacts facts in news.TakeLast(limit))
        {
            LedgerQuery query = new(From: facts.Started, To: facts.Started.AddTicks(1), RunId: facts.RunId);
            runs.AddRange(await ledger.QueryAsync(query, cancellationToken).Select(RunSummary.From).ToListAsync(cancellationToken));
        }

        return runs;
    }

    /// <summary>Returns the ids of runs that started at or after one time and ended by another.</summary>
    public async Task<HashSet<string>> ListIdsAsync(DateTimeOffset from, DateTimeOffset endedBy, CancellationToken cancellationToken) =>
    [
        .. (await ledger.ReadFactsAsync(new LedgerQuery(From: from), cancellationToken))
            .Where(facts => facts.Ended <= endedBy)
            .Select(facts => facts.RunId),
    ];

    /// <summary>Returns one run with its stages; null when the ledger does not have it.</summary>
    public async Task<RunDetail?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        await foreach (RunRecord record in ledger.QueryAsync(new LedgerQuery(RunId: runId, Limit: 1, NewestFirst: true), cancellationToken))
        {
            return new RunDetail
            {
                Run = RunSummary.From(record),
                Stages =
                    [.. record.Stages.Select(s => new RunStage(WireName.Of(s.Stage), WireName.Of(s.Logic), WireName.Of(s.Outcome), s.Ms))],
                ManualIntervention = record.ManualIntervention,
                ContentType = record.ContentType,
            };
        }

        return null;
    }
}

/// <summary>Filter of runs; each member that is set narrows it.</summary>
public sealed record RunFilter
{
    public required int Limit { get; init; }

    /// <summary>Only runs started before this time (UTC).</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>An issue, a repository or a part of one; in lower case.</summary>
    public string Issue { get; init; } = string.Empty;

    /// <summary>Outcomes as in the ledger; if empty, all but <c>skipped</c>.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary><c>unified</c> or <c>legacy</c>; empty for both.</summary>
    public string Route { get; init; } = string.Empty;

    /// <summary>Whether to include runs that had nothing to do.</summary>
    public bool WithSkipped { get; init; }

    /// <summary>Whether <see cref="Issue"/> names one issue, so that the ledger can look it up.</summary>
    public bool IsOneIssue => Issues.IssueRef.TryParse(Issue, out _);

    public bool Matches(IRunFacts record) =>
        record.Kind is RunKind.Run or RunKind.Completion
        && (Outcomes.Count > 0 ? Outcomes.Contains(WireName.Of(record.Outcome)) : WithSkipped || record.Outcome != RunOutcome.Skipped)
        && (Route.Length == 0 || (record.Route is { } route && WireName.Of(route) == Route))
        && (Issue.Length == 0 || record.Issue.Contains(Issue, StringComparison.OrdinalIgnoreCase));
}
