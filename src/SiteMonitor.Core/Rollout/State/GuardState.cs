using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>What the guard knows between evaluations. Reset when flags change: it judges the flags that are in force.</summary>
public sealed record GuardState
{
    public static GuardState Empty { get; } = new();

    /// <summary>Every run that ended at or before this is counted; null before the first.</summary>
    public DateTimeOffset? CountedThrough { get; init; }

    /// <summary>Counted runs that ended later than <see cref="CountedThrough"/>: records may arrive out of order.</summary>
    public IReadOnlyList<CountedRun> CountedRuns { get; init; } = [];

    /// <summary>Signals with a value above 0, or with contributions of the last day.</summary>
    public IReadOnlyList<SignalState> Signals { get; init; } = [];

    /// <summary>Answers refused by the model's content filter, counted back from the newest.</summary>
    public int RefusalsInRow { get; init; }

    /// <summary>The hand-over rate before the flags changed; null when it is not known, or not read yet.</summary>
    public double? HandOverRate { get; init; }

    /// <summary>When a run was last counted.</summary>
    [JsonPropertyName("lookedAt")]
    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>The signals in one line, as display text.</summary>
    [JsonPropertyName("saw")]
    public string Observation { get; init; } = string.Empty;

    public SignalState Get(string signal) => Signals.FirstOrDefault(s => s.Signal == signal) ?? new SignalState { Signal = signal };
}

/// <summary>A run the guard has counted.</summary>
public sealed record CountedRun(string RunId, DateTimeOffset Ended);

/// <summary>One signal's cumulative sum, with the runs it rests on.</summary>
public sealed record SignalState
{
    private const int IssuesKept = 20;

    // With more issues a day a repeated one hardly weighs, and the state stays small.
    private const int GoodContributionsKept = 100;
    private static readonly TimeSpan ContributionAge = TimeSpan.FromHours(24);

    public required string Signal { get; init; }

    /// <summary>The cumulative sum, at least 0.</summary>
    public double Value { get; init; }

    /// <summary>Start of the run with which the value last left 0; null while it is 0.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Runs counted since then.</summary>
    public int Runs { get; init; }

    /// <summary>The bad ones of them.</summary>
    public int BadRuns { get; init; }

    /// <summary>Their distinct issues, the first 20.</summary>
    public IReadOnlyList<string> BadIssues { get; init; } = [];

    /// <summary>Bad runs by the stage at fault, camel case; those of no stage are not in it.</summary>
    public IReadOnlyDictionary<string, int> BadByStage { get; init; } = new Dictionary<string, int>();

    /// <summary>Contributions of the last 24 hours; an issue in this list cannot contribute the same again.</summary>
    public IReadOnlyList<SignalContribution> Contributions { get; init; } = [];

    /// <summary>Counts a run, unless its issue has contributed the same within 24 hours.</summary>
    /// <param name="weight">What the run adds to the value.</param>
    /// <param name="stage">The stage at fault, for a bad run.</param>
    public SignalState Count(IRunFacts run, bool isBad, double weight, Stage? stage)
    {
        SignalContribution[] recent = [.. Contributions.Where(c => run.Ended - c.At < ContributionAge)];
        if (recent.Any(c => c.IsBad == isBad && c.Issue == run.Issue))
        {
            return this;
        }

        double value = Math.Max(0, Value + weight);
        var contribution = new SignalContribution(run.Issue, isBad, run.Ended);
        if (value == 0)
        {
            return new SignalState { Signal = Signal, Contributions = Limit([.. recent, contribution]) };
        }

        return this with
        {
            Value = value,
            Since = Since ?? run.Started,
            Runs = Runs + 1,
            BadRuns = BadRuns + (isBad ? 1 : 0),
            BadIssues = !isBad || BadIssues.Contains(run.Issue) || BadIssues.Count == IssuesKept ? BadIssues : [.. BadIssues, run.Issue],
            BadByStage = stage is { } at && isBad ? WithOneMore(at.ToString().ToLowerInvariant()) : BadByStage,
            Contributions = Limit([.. recent, contribution]),
        };
    }

    /// <summary>Resets the signal to 0 after firing. Issues that contributed cannot contribute again within their 24 hours.</summary>
    public SignalState Reset() => new() { Signal = Signal, Contributions = Contributions };

    public int CountBad(Stage stage) => BadByStage.GetValueOrDefault(stage.ToString().ToLowerInvariant());

    private static SignalContribution[] Limit(SignalContribution[] contributions)
    {
        int surplus = contributions.Count(c => !c.IsBad) - GoodContributionsKept;
        return surplus <= 0 ? contributions : [.. contributions.Where(c => c.IsBad || surplus-- <= 0)];
    }

    private Dictionary<string, int> WithOneMore(string stage) => new(BadByStage) { [stage] = BadByStage.GetValueOrDefault(stage) + 1 };
}

/// <summary>What an issue has added to a signal.</summary>
public sealed record SignalContribution(string Issue, bool IsBad, DateTimeOffset At);
