using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GraphRequest))]
[JsonSerializable(typeof(GraphResponse<ReadIssueData>))]
[JsonSerializable(typeof(GraphResponse<LabelsData>))]
[JsonSerializable(typeof(GraphResponse<CreateLabelsData>))]
[JsonSerializable(typeof(GraphResponse<ApplyChangeData>))]
[JsonSerializable(typeof(GraphResponse<FindCopilotData>))]
[JsonSerializable(typeof(GraphResponse<AssignCopilotData>))]
[JsonSerializable(typeof(GraphResponse<ClosingIssuesData>))]
[JsonSerializable(typeof(GraphResponse<ViewerData>))]
internal sealed partial class GraphJson : JsonSerializerContext;
