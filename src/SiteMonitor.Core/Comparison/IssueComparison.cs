using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Comparison;

/// <summary>Both sides' decisions on an issue and their differences, without text of the issue.</summary>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="At">When it was made (UTC).</param>
/// <param name="Unified">The unified side's decision.</param>
/// <param name="Legacy">The legacy side's decision.</param>
/// <param name="Differences">Every difference between them.</param>
public sealed record IssueComparison(
    string Issue,
    DateTimeOffset At,
    SideDecision Unified,
    SideDecision Legacy,
    IReadOnlyList<Difference> Differences)
{
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    /// <summary>Whether the legacy rules matched nothing; such a comparison is reported separately and not counted.</summary>
    [JsonIgnore]
    public bool IsUnmatched => Legacy.Outcome == SideDecision.UnmatchedOutcome;

    [JsonIgnore]
    public DifferenceClassification Class => Differences.Count == 0 ? DifferenceClassification.None : Differences.Max(d => d.Class);

    [JsonIgnore]
    public bool IsUnexplained => !IsUnmatched && Class == DifferenceClassification.Unexplained;
}

/// <summary>Serializes comparisons for storage, the route and the command line.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssueComparison))]
[JsonSerializable(typeof(ConsistencyReport))]
public sealed partial class ComparisonJson : JsonSerializerContext;
