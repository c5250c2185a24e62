using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Comparison;

/// <summary>What one side decided on an issue, and how the issue would look then. No text of the issue.</summary>
public sealed record SideDecision
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required Logic Logic { get; init; }

    /// <summary>assigned, needs-review, needs-clarification, unmatched, prepared, or the code of a refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>The issue's labels afterwards.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The issue's assignees afterwards.</summary>
    public required IReadOnlyList<string> Assignees { get; init; }

    /// <summary>The specialist labels chosen.</summary>
    public required IReadOnlyList<string> Specialists { get; init; }

    /// <summary>The guidance afterwards: heading path → first digits of the SHA-256 of what stands under it.</summary>
    public IReadOnlyDictionary<string, string> Guidance { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the decision took, in milliseconds.</summary>
    public long DurationMs { get; init; }
}
