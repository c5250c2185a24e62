using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Comparison;

/// <summary>Both sides' decisions on one issue, and how they differ. No text of the issue.</summary>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="At">When (UTC).</param>
public sealed record IssueComparison(string Issue, DateTimeOffset At, SideDecision Unified, SideDecision Legacy, IReadOnlyList<Difference> Differences)
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Whether the legacy rules matched nothing: reported apart, and counted neither as compared nor as different.</summary>
    [JsonIgnore]
    public bool IsUnmatched => Legacy.Outcome == "unmatched";

    [JsonIgnore]
    public DifferenceClassification Class => Differences.Count == 0 ? DifferenceClassification.None : Differences.Max(d => d.Class);

    [JsonIgnore]
    public bool IsUnexplained => !IsUnmatched && Class == DifferenceClassification.Unexplained;
}

/// <summary>JSON of comparisons: stored, and answered by the route and the command line.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssueComparison))]
[JsonSerializable(typeof(ConsistencyReport))]
public sealed partial class ComparisonJson : JsonSerializerContext;
