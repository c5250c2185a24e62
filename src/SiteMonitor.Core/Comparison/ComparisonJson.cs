using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Comparison;

/// <summary>JSON of comparisons: stored, and answered by the route and the command line.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssueComparison))]
[JsonSerializable(typeof(ConsistencyReport))]
public sealed partial class ComparisonJson : JsonSerializerContext;
