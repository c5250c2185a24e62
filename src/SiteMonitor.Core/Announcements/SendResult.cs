namespace SiteMonitor.Core.Announcements;

/// <summary>What came of sending an announcement.</summary>
/// <param name="Problem">For people, without the channel's address; null when it was taken.</param>
/// <param name="IsFinal">Whether trying again is pointless.</param>
public sealed record SendResult(string? Problem, bool IsFinal = false)
{
    public static SendResult Ok { get; } = new(Problem: null);
}
