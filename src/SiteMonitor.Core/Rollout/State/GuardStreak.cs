using System.Text.Json.Serialization;
namespace SiteMonitor.Core.Rollout.State;

/// <summary>How often in a row a trigger of the guard was seen.</summary>
/// <param name="Trigger">Which.</param>
/// <param name="Evaluations">So many looks, each with a new run.</param>
public sealed record GuardStreak(string Trigger, [property: JsonPropertyName("looks")] int Evaluations);
