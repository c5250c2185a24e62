using System.Text.Json.Serialization;

namespace SiteMonitor.LocalHost.Sandbox.Model;

[JsonSerializable(typeof(Dictionary<string, string[][]>))]
internal sealed partial class ModelJson : JsonSerializerContext;
