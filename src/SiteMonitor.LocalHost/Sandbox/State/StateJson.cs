using System.Text.Json.Serialization;

namespace SiteMonitor.LocalHost.Sandbox.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SimulatedRepository))]
[JsonSerializable(typeof(SimulatedIssue))]
[JsonSerializable(typeof(WriteEntry))]
[JsonSerializable(typeof(WebhookDelivery))]
internal sealed partial class StateJson : JsonSerializerContext;
