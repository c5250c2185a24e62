using System.Text.Json.Serialization;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Gates;

namespace SiteMonitor.Core.Backtest;

/// <summary>What both sides would have done with an issue as it was opened, and what people did. Does not hold the issue's text.</summary>
public sealed record BacktestRow
{
    public required int Number { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What people did with it.</summary>
    public required HumanDecision Right { get; init; }

    public required BacktestChoice Unified { get; init; }

    public required BacktestChoice Legacy { get; init; }

    /// <summary>The unified scores, best first; empty when the model gave no usable answer.</summary>
    public IReadOnlyList<BacktestScore> Scores { get; set; } = [];

    /// <summary>
    /// How a comparison of both sides would classify their differences, by the accepted ones; null in results of older versions.
    /// </summary>
    public DifferenceClassification? Difference { get; set; }

    /// <summary>What the model cost for this issue, in US dollars; 0 when its answer was cached.</summary>
    public decimal Dollars { get; set; }

    public int ModelCalls { get; set; }

    public int Tokens { get; set; }

    /// <summary>How long the unified decision took, in milliseconds; cached answers take next to nothing.</summary>
    public long DurationMs { get; set; }

    /// <summary>Whether the answer is known, so that the row can be judged.</summary>
    [JsonIgnore]
    public bool IsJudged => Right.Kind != HumanDecisionKind.Unknown;
}

/// <summary>What people did with an issue.</summary>
/// <param name="Specialists">Labels of the specialists that stayed; empty unless the kind is <c>specialists</c>.</param>
public sealed record HumanDecision(HumanDecisionKind Kind, IReadOnlyList<string> Specialists)
{
    public static HumanDecision Unknown { get; } = new(HumanDecisionKind.Unknown, []);

    /// <summary>
    /// Whether a choice agrees: the same specialists, or left to a person where people gave it to nobody. Matching no rule is no choice.
    /// </summary>
    public bool Agrees(BacktestChoice choice) => Kind switch
    {
        HumanDecisionKind.Specialists => Specialists.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(choice.Specialists),
        HumanDecisionKind.Nobody => choice.Specialists.Count == 0 && choice.Code != SideDecision.UnmatchedOutcome,
        _ => false,
    };
}

public enum HumanDecisionKind
{
    /// <summary>No person has decided yet, or the outcome contradicts the label.</summary>
    Unknown,

    /// <summary>The specialists whose labels stayed.</summary>
    Specialists,

    /// <summary>It was closed as not planned, without a specialist.</summary>
    Nobody,
}

/// <summary>One side's choice.</summary>
/// <param name="Code">Why: a stable code of the analysis; for the legacy logic <c>matched</c> or <c>unmatched</c>.</param>
/// <param name="Specialists">Labels of the specialists that it would assign; empty when it leaves the issue to a person.</param>
public sealed record BacktestChoice(string Code, IReadOnlyList<string> Specialists);

/// <param name="Label">The specialist's label.</param>
/// <param name="Score">The weighted score, 0 to 1.</param>
/// <param name="Confidence">The model's own confidence, 0 to 1.</param>
public sealed record BacktestScore(string Label, double Score, double Confidence);

/// <summary>Body of <c>POST backtest</c>, which decides on issues of an export and writes nothing.</summary>
public sealed record BacktestRequest
{
    public const int MaxIssues = 20;

    /// <summary><c>owner/name</c>. It need not be configured: nothing is read from it.</summary>
    public string Repository { get; set; } = string.Empty;

    /// <summary>1 to <see cref="MaxIssues"/> lines of an export.</summary>
    public IReadOnlyList<IssueHistory> Issues { get; set; } = [];
}

/// <summary>Response of <c>POST backtest</c>. Issues that are neither in rows nor in problems are to be sent again.</summary>
public sealed record BacktestResponse
{
    public required IReadOnlyList<BacktestRow> Rows { get; init; }

    /// <summary>Issues that could not be decided, each with the reason.</summary>
    public required IReadOnlyList<BacktestProblem> Problems { get; init; }

    /// <summary>When the model's rate limit ends; null when it was not reached.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

/// <param name="Number">The issue.</param>
/// <param name="Reason">Why it could not be decided, as display text.</param>
/// <param name="Dollars">What the model cost nevertheless, in US dollars.</param>
/// <param name="CreatedAt">When the issue was opened.</param>
public sealed record BacktestProblem(int Number, string Reason, decimal Dollars = 0, DateTimeOffset? CreatedAt = null);

/// <summary>The file that <c>backtest --save</c> writes and <c>--against</c> compares with.</summary>
public sealed record BacktestBaseline
{
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    public string Repository { get; set; } = string.Empty;

    public DateTimeOffset At { get; set; }

    public IReadOnlyList<BacktestRow> Rows { get; set; } = [];
}

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    Converters =
    [
        typeof(CamelCaseEnumConverter<HumanDecisionKind>), typeof(CamelCaseEnumConverter<DifferenceClassification>),
        typeof(CamelCaseEnumConverter<CriterionState>),
    ])]
[JsonSerializable(typeof(BacktestBaseline))]
[JsonSerializable(typeof(BacktestReport))]
public sealed partial class BacktestJson : JsonSerializerContext;
