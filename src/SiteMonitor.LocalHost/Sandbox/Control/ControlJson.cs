using System.Text.Json.Serialization;
using SiteMonitor.LocalHost.Sandbox.Faults;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Control;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PersonAction))]
[JsonSerializable(typeof(IssueView))]
[JsonSerializable(typeof(IReadOnlyList<IssueView>))]
[JsonSerializable(typeof(FaultRule))]
[JsonSerializable(typeof(IReadOnlyList<FaultRule>))]
[JsonSerializable(typeof(IReadOnlyList<WriteEntry>))]
[JsonSerializable(typeof(IReadOnlyList<Delivery>))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(SandboxStats))]
[JsonSerializable(typeof(SwitchRequest))]
internal sealed partial class ControlJson : JsonSerializerContext;
