using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.LocalHost.Sandbox.Seeds;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(IReadOnlyList<Seed>))]
internal sealed partial class SeedJson : JsonSerializerContext;
