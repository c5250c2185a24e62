using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>One entry of <c>conditions.client_filters</c>.</summary>
public sealed record FlagFilter(string Name, JsonObject Parameters);
