using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Contracts;

/// <summary>How requests and answers are written: camel case, dates ISO 8601.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(PipelineRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(IssueStatus))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ContractJson : JsonSerializerContext;
