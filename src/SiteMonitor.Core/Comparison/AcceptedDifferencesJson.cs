using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Comparison;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AcceptedDifferencesFile))]
internal sealed partial class AcceptedDifferencesJson : JsonSerializerContext;
