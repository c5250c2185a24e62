using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>A change of several flags under way: recorded first, each flag then written with its ETag, idempotently; finished by whoever comes by when it was cut short.</summary>
/// <param name="What">The operation: <c>advance</c>, <c>rollback</c>, <c>resume</c>.</param>
/// <param name="Targets">In the order to write them.</param>
/// <param name="Before">Flag → how it stood when the change was recorded.</param>
/// <param name="Overwrite">Whether a flag that somebody changes meanwhile is set all the same: rollbacks do.</param>
/// <param name="Problem">Why it is not done yet, for people.</param>
public sealed record FlagTransition(
    string Id,
    string What,
    IReadOnlyList<FlagTarget> Targets,
    IReadOnlyDictionary<string, string> Before,
    bool Overwrite,
    string By,
    string Reason,
    DateTimeOffset At,
    string Problem = "")
{
    /// <summary>The operation of a rollback, by hand or by the guard.</summary>
    public const string Rollback = "rollback";

    /// <summary>What people are told when every flag is written, and not before.</summary>
    public IReadOnlyList<PendingAnnouncement> WhenDone { get; init; } = [];

    /// <summary>Whether a flag that cannot be written keeps the later ones from being written: a change that goes forward never goes past one, a rollback takes back what it can.</summary>
    public bool StopsAtAProblem => What != Rollback;

    public sealed record PendingAnnouncement(string Topic, string Title, IReadOnlyList<string> Lines, string? IncidentId = null);
}

/// <summary>Changes of flags, forward ones, that another has replaced. A write of it that was under way may still land after the other one has looked.</summary>
/// <param name="Targets">What they would have written.</param>
/// <param name="At">When the last of them was replaced.</param>
public sealed record SupersededChange(IReadOnlyList<FlagTarget> Targets, DateTimeOffset At);
