using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Analysis;

/// <summary>
/// Computes the success history from the ledger: a completion or a pull request's outcome says how an issue ended, the run before it
/// (or a person's later change) its specialists, and the newest analysis its content type, also where a person then chose the specialist.
/// Shares over 90 days change slowly, so the result is cached.
/// </summary>
public sealed class LedgerSuccessHistory(IRunLedger ledger, TimeProvider time) : ISuccessHistory, IDisposable
{
    /// <summary>The age from which the history is read again in the background, while runs go on with the old one.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(10);

    /// <summary>Reason code of completions by a merged pull request; any other completion counts as not merged.</summary>
    public const string MergedCode = "pull-request-merged";

    /// <summary>Reason code of completions of issues that were closed as completed.</summary>
    public const string ClosedAsCompletedCode = "closed-as-completed";

    // The run that chose the specialist is older than the completion, so another window before the first is read.
    private const int WindowsRead = 2;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _gate = new();
    private volatile Reading? _read;
    private Task _refresh = Task.CompletedTask;

    public async Task<SuccessHistory> ReadAsync(CancellationToken cancellationToken)
    {
        if (_read is not { } known)
        {
            return (await ReadFirstAsync(cancellationToken)).History;
        }

        if ((time.GetUtcNow() - known.At).Duration() > MaximumAge)
        {
            RefreshInBackground();
        }

        return known.History;
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Reading> ReadFirstAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return _read ??= await ReadNowAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private void RefreshInBackground()
    {
        lock (_gate)
        {
            _refresh = _refresh.IsCompleted ? Task.Run(RefreshAsync) : _refresh;
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            _read = await ReadNowAsync(CancellationToken.None);
        }
        catch (PipelineException)
        {
            // The old history stays in use; the next call tries again.
        }
    }

    private async Task<Reading> ReadNowAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Reading(await ComputeAsync(now - SuccessHistory.Window, cancellationToken), now);
    }

    private async Task<SuccessHistory> ComputeAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        Dictionary<string, Choice> choices = [];
        Dictionary<string, string> contentTypes = [];
        Dictionary<(string, string), SuccessCount> counts = [];
        LedgerQuery query = new(From: from - (SuccessHistory.Window * (WindowsRead - 1)));
        foreach (IRunFacts record in await ledger.ReadFactsAsync(query, cancellationToken))
        {
            if (record.Kind == RunKind.Run)
            {
                Add(record, choices, contentTypes);
            }
            else if (record is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.SpecialistChanged, Specialists.Count: > 0 }
                && choices.TryGetValue(record.Issue, out Choice? changed))
            {
                // A person's choice counts instead of the run's.
                choices[record.Issue] = changed with { Specialists = record.Specialists };
            }
            else if (record is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.PullRequestClosed or OutcomeCodes.PullRequestMerged }
                && record.Started >= from
                && choices.Remove(record.Issue, out Choice? judged))
            {
                Count(counts, judged, record.ReasonCode == OutcomeCodes.PullRequestMerged);
            }
            else if (record is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded }
                && record.Started >= from
                && choices.Remove(record.Issue, out Choice? choice))
            {
                Count(counts, choice, record.ReasonCode == MergedCode);
            }
        }

        return new SuccessHistory(counts);
    }

    /// <summary>
    /// A run of the preparation alone has no content type: the analysis before it has, which may have left the choice to a person.
    /// </summary>
    private static void Add(IRunFacts run, Dictionary<string, Choice> choices, Dictionary<string, string> contentTypes)
    {
        if (run.ContentType.Length > 0)
        {
            contentTypes[run.Issue] = run.ContentType;
        }

        if (run.Specialists.Count > 0 && contentTypes.TryGetValue(run.Issue, out string? contentType))
        {
            choices[run.Issue] = new Choice(run.Specialists, contentType);
        }
    }

    private static void Count(Dictionary<(string, string), SuccessCount> counts, Choice choice, bool merged)
    {
        foreach (string specialist in choice.Specialists)
        {
            SuccessCount before = counts.GetValueOrDefault((specialist, choice.ContentType)) ?? new SuccessCount(0, 0);
            counts[(specialist, choice.ContentType)] = new SuccessCount(before.Completed + 1, before.Merged + (merged ? 1 : 0));
        }
    }

    /// <summary>The specialists that an issue was assigned to, and the content type of its newest analysis.</summary>
    private sealed record Choice(IReadOnlyList<string> Specialists, string ContentType);

    private sealed record Reading(SuccessHistory History, DateTimeOffset At);
}
