using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <param name="Chosen">The specialists the run's analysis had chosen; empty when it had not come so far.</param>
/// <param name="Failure">What a person has to know and act on; null when there is nothing to say.</param>
public sealed record RestoreInput(IReadOnlyList<string> Chosen, Refusal? Failure) : StepInput;
