using System.Collections.Immutable;
using System.Globalization;

namespace SiteMonitor.Sandbox.State;

/// <summary>An issue or pull request. It is immutable: every accepted write creates a new one.</summary>
internal sealed record SimulatedIssue
{
    public required long Id { get; init; }

    /// <summary>Key of the repository, in lower case.</summary>
    public required string Repository { get; init; }

    public required int Number { get; init; }

    public required string Title { get; init; }

    public string? Body { get; init; }

    public required string Author { get; init; }

    public ImmutableArray<string> Labels { get; init; } = [];

    public ImmutableArray<string> Assignees { get; init; } = [];

    public bool IsOpen { get; init; } = true;

    /// <summary><c>completed</c>, <c>not_planned</c>, <c>duplicate</c> or <c>reopened</c>.</summary>
    public string? StateReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The number in the import that an issue was opened from; null for any other issue.</summary>
    public int? ImportedNumber { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public bool IsPullRequest { get; init; }

    public bool IsMerged { get; init; }

    /// <summary>Numbers of the issues that this pull request closes when merged.</summary>
    public ImmutableArray<int> Closes { get; init; } = [];

    /// <summary>Deleted issues keep their number: 410 in REST, not found in GraphQL.</summary>
    public bool IsDeleted { get; init; }

    /// <summary><c>owner/repo#12</c> of the issue that this one has become; such an issue is also deleted here.</summary>
    public string? TransferredTo { get; init; }

    public bool IsLocked { get; init; }

    public ImmutableList<SimulatedComment> Comments { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableList<SimulatedEdit> Edits { get; init; } = [];

    /// <summary>Labels, assignees and titles over time, oldest first; those of the opening included.</summary>
    public ImmutableList<SimulatedEvent> Events { get; init; } = [];

    public string GraphId => NodeId.Of(IsPullRequest ? "PR_kwDO" : "I_kwDO", Id.ToString(CultureInfo.InvariantCulture));

    public string Reference => $"{Repository}#{Number.ToString(CultureInfo.InvariantCulture)}";

    public bool Has(string label) => Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}

internal sealed record SimulatedComment(
    long Id, string Author, string Body, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Editor = null)
{
    public string GraphId => NodeId.Of("IC_kwDO", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>One version of an issue's body; GitHub keeps the whole text, and the first edit also adds the original.</summary>
internal sealed record SimulatedEdit(long Id, string Editor, DateTimeOffset EditedAt, string Body)
{
    /// <summary>When a person deleted the revision from the history; null when it is there.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public string GraphId => NodeId.Of("UCE_kgDO", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
