namespace SiteMonitor.Core.Contracts;

/// <summary>One write a dry run did not make. Holds none of the text.</summary>
public sealed record PlannedWrite
{
    /// <summary>The step that would make it, for example <c>Prepare</c>.</summary>
    public required string Step { get; init; }

    public IReadOnlyList<string> AddLabels { get; init; } = [];

    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    /// <summary>What would happen to the body, for people; null when it would stay as it is.</summary>
    public string? Body { get; init; }

    /// <summary>The comment that would be written, shortened; null when there is none.</summary>
    public string? Comment { get; init; }

    public bool AssignsCopilot { get; init; }

    public bool Closes { get; init; }
}
