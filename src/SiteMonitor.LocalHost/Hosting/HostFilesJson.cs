using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>JSON of the files in the host's data directory.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KeyFile.Keys))]
[JsonSerializable(typeof(RunningFile.Running))]
[JsonSerializable(typeof(SandboxSession.State))]
internal sealed partial class HostFilesJson : JsonSerializerContext;
