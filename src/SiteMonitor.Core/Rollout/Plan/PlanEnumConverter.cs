using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Enumerations as camel-case names; numbers are refused.</summary>
public sealed class PlanEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
