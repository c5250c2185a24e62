using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GraphRequest))]
[JsonSerializable(typeof(GraphAnswer<ReadIssueData>))]
[JsonSerializable(typeof(GraphAnswer<LabelsData>))]
[JsonSerializable(typeof(GraphAnswer<CreateLabelsData>))]
[JsonSerializable(typeof(GraphAnswer<ApplyChangeData>))]
[JsonSerializable(typeof(GraphAnswer<FindCopilotData>))]
[JsonSerializable(typeof(GraphAnswer<AssignCopilotData>))]
[JsonSerializable(typeof(GraphAnswer<ClosingIssuesData>))]
[JsonSerializable(typeof(GraphAnswer<ViewerData>))]
internal sealed partial class GraphJson : JsonSerializerContext;
