using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>How state and audit log are stored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutState))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
public sealed partial class RolloutJson : JsonSerializerContext;
