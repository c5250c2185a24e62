using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>A change of several flags under way, recorded before they are written; after a crash the guard finishes it.</summary>
/// <param name="What">The operation: <c>advance</c>, <c>rollback</c>, <c>resume</c>.</param>
/// <param name="Targets">In the order to write them.</param>
/// <param name="Before">Flag → its setting when the change was recorded.</param>
/// <param name="Overwrite">Whether a flag that somebody changes meanwhile is set nevertheless: rollbacks do.</param>
/// <param name="Problem">Why it is not done yet, as display text.</param>
public sealed record FlagTransition(
    string Id, string What, IReadOnlyList<FlagTarget> Targets, IReadOnlyDictionary<string, string> Before, bool Overwrite,
    string By, string Reason, DateTimeOffset At, string Problem = "")
{
    /// <summary>The operation of a rollback, by hand or by the guard.</summary>
    public const string Rollback = "rollback";

    /// <summary>Announced when every flag is written, and not before.</summary>
    public IReadOnlyList<PendingAnnouncement> WhenDone { get; init; } = [];

    /// <summary>Whether the change stops at the first flag that cannot be written; a rollback writes all that it can.</summary>
    public bool StopsOnFailure => What != Rollback;

    public sealed record PendingAnnouncement(string Topic, string Title, IReadOnlyList<string> Lines, string? IncidentId = null);
}

/// <summary>Flag changes that a later one replaced; their writes may reach the store after the later one has read it.</summary>
/// <param name="Targets">What they would have written.</param>
/// <param name="At">When the last of them was replaced.</param>
public sealed record SupersededChange(IReadOnlyList<FlagTarget> Targets, DateTimeOffset At);
