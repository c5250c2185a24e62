namespace SiteMonitor.Core.Issues;

/// <summary>Why something is not done.</summary>
/// <param name="Code">Stable, kebab-case: <c>held-by-needs-review</c>.</param>
/// <param name="Reason">For people: what stands in the way and what to do.</param>
public sealed record Refusal(string Code, string Reason);
