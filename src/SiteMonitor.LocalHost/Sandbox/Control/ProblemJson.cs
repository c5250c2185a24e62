using System.Text.Json.Serialization;

namespace SiteMonitor.LocalHost.Sandbox.Control;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ProblemJson : JsonSerializerContext;
