using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Comparison;

/// <summary>One side's decision on an issue and the issue as it would be afterwards, without its text.</summary>
public sealed record SideDecision
{
    public const int CurrentVersion = 1;

    public const string AssignedOutcome = "assigned";
    public const string NeedsReviewOutcome = "needs-review";
    public const string NeedsClarificationOutcome = "needs-clarification";
    public const string UnmatchedOutcome = "unmatched";
    public const string PreparedOutcome = "prepared";

    public int Version { get; set; } = CurrentVersion;

    public required Logic Logic { get; init; }

    /// <summary>One of the constants of this type, or the code of a refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>Whether a person would have to decide; null when an analysis did not lead to an outcome.</summary>
    [JsonIgnore]
    public bool? IsHandedOver => Outcome switch
    {
        AssignedOutcome => false,
        NeedsReviewOutcome or NeedsClarificationOutcome => true,
        _ => null,
    };

    /// <summary>The issue's labels afterwards.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The issue's assignees afterwards.</summary>
    public required IReadOnlyList<string> Assignees { get; init; }

    /// <summary>The specialist labels chosen.</summary>
    public required IReadOnlyList<string> Specialists { get; init; }

    /// <summary>The guidance afterwards: path of headings → first digits of the SHA-256 of the part's text.</summary>
    public IReadOnlyDictionary<string, string> Guidance { get; set; } = new Dictionary<string, string>();

    /// <summary>Duration of the decision, in milliseconds.</summary>
    public long DurationMs { get; init; }
}
