namespace SiteMonitor.Core.Contracts;

/// <summary>One request to GitHub that a dry run did not make. Holds none of the text.</summary>
public sealed record DryRunWrite
{
    /// <summary>The step that would make it, for example <c>PrepareUnified</c>.</summary>
    public required string Step { get; init; }

    /// <summary>What it would do, in order, for people: <c>+osint-researcher, -site-monitor</c>.</summary>
    public required IReadOnlyList<string> Does { get; init; }

    public IReadOnlyList<string> AddLabels { get; init; } = [];

    public IReadOnlyList<string> RemoveLabels { get; init; } = [];
}
