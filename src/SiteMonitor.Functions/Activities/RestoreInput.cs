using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <param name="Specialists">The specialists the run's analysis had chosen; empty when it had not come so far.</param>
/// <param name="Failure">What the run failed with; null when it did not.</param>
public sealed record RestoreLabelsInput([property: JsonPropertyName("Chosen")] IReadOnlyList<string> Specialists, Refusal? Failure) : ActivityInput
{
    /// <summary>Another run may mend the failure, so a person has to know of it only where none will come by itself.</summary>
    public bool IsTransient { get; init; }
}
