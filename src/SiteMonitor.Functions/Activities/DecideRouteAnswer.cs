using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <param name="Decision">The flags, read once for the whole run.</param>
/// <param name="SkipReason">Why an automatic start leaves the issue alone; null when it goes on.</param>
public sealed record DecideRouteResult(RouteDecision Decision, [property: JsonPropertyName("Handled")] Refusal? SkipReason);
