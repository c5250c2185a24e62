namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Diff">The whole body after the edit, in spite of its name; null once somebody deleted that revision.</param>
internal sealed record EditNode(DateTimeOffset EditedAt, DateTimeOffset? DeletedAt, string? Diff, ActorNode? Editor);
