namespace SiteMonitor.Core.Issues;

/// <summary>
/// Determines which write to GitHub goes first. Flows with the async context from an activity to the request pacer.
/// </summary>
/// <param name="Repository">Repositories take turns; empty for a write that belongs to none.</param>
public sealed record WritePrecedence(WritePriority Priority, string Repository)
{
    private static readonly AsyncLocal<WritePrecedence?> Ambient = new();
    private static readonly WritePrecedence Default = new(WritePriority.Normal, string.Empty);

    /// <summary>Whether the write starts work on an issue; started issues are finished first.</summary>
    public bool StartsWork { get; init; }

    public static WritePrecedence Current => Ambient.Value ?? Default;

    private (int Priority, bool StartsWork) Rank => (Priority switch
    {
        WritePriority.Urgent => 0,
        WritePriority.Normal => 1,
        _ => 2,
    }, StartsWork);

    /// <summary>Whether this write goes before <paramref name="other"/> regardless of their repositories.</summary>
    public bool Precedes(WritePrecedence other) => Rank.CompareTo(other.Rank) < 0;

    /// <summary>Whether only their repositories decide which of the two goes first.</summary>
    public bool IsPeerOf(WritePrecedence other) => Rank == other.Rank;

    /// <summary>Sets the order of the writes that the calling async method makes from here on.</summary>
    public static void Set(WritePrecedence order) => Ambient.Value = order;
}

/// <summary>How soon a write must be made. Stored in inputs of activities.</summary>
public enum WritePriority
{
    /// <summary>Asked for by a webhook or a person.</summary>
    Normal,

    /// <summary>Of an issue labelled <c>urgent</c>.</summary>
    Urgent,

    /// <summary>Of a batch, which may take long.</summary>
    Batch,
}
