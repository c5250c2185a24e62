using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Specialists;

[JsonSerializable(typeof(IReadOnlyList<Specialist>))]
internal sealed partial class SpecialistsJson : JsonSerializerContext;
