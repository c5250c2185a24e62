using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Functions.Triggers.Comparison;

/// <summary>The progress of a sample while it is compared.</summary>
internal sealed class SampleProgress(SampleRequest request, IEnumerable<string> comparedBefore, SampleTimeLimits limits)
{
    private readonly HashSet<string> _comparedBefore = comparedBefore.ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = request.Skip.ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private bool _hasTaken;

    public List<IssueComparison> Compared { get; } = [];

    /// <summary>A line for each issue or repository that was left out, with the reason.</summary>
    public List<string> LeftOut { get; } = [];

    public int Missing => Math.Max(0, request.Sample - Compared.Count(c => !c.IsUnmatched));

    /// <summary>Whether no further issue is compared.</summary>
    public bool IsOver => Missing == 0 || IsRateLimited || IsLate;

    /// <summary>Number of issues in a listing that were compared or seen before.</summary>
    public int Known => _comparedBefore.Count + _seen.Count;

    /// <summary>How long the current issue may still take.</summary>
    public TimeSpan Remaining => TimeSpan.FromTicks(Math.Max(0, (limits.End - Elapsed).Ticks));

    private bool IsRateLimited { get; set; }

    // At least one issue is taken, so that repeated requests finish.
    private bool IsLate => _hasTaken && Elapsed >= limits.LastStart;

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>Takes an issue, unless it was compared or seen before.</summary>
    public bool TryTake(string issue)
    {
        bool isNew = !_comparedBefore.Contains(issue) && _seen.Add(issue);
        _hasTaken |= isNew;
        return isNew;
    }

    public void StopForRateLimit(string reason)
    {
        IsRateLimited = true;
        LeftOut.Add(reason);
    }

    public SampleResponse ToResponse()
    {
        bool more = Missing > 0 && !IsRateLimited && IsLate;
        return new SampleResponse
        {
            Report = ConsistencyReport.Create(Compared),
            LeftOut = LeftOut,
            Recorded = !request.DryRun,
            Missing = Missing,
            More = more,
            Seen = [.. _seen],
            Next = Missing == 0 ? "rollout gate"
                : more ? $"{Missing} are missing: ask again for that many, with skip set to seen"
                : IsRateLimited ? $"{Missing} are missing: ask again when the rate limit has ended"
                : $"{Missing} are missing: there are no further issues to compare",
        };
    }
}

/// <summary>How long one request for a sample may take. Azure's front end gives up after 230 s, and most clients after 100 s.</summary>
/// <param name="LastStart">No issue is started after this time.</param>
/// <param name="End">An issue that is not finished by this time is left out.</param>
public sealed record SampleTimeLimits(TimeSpan LastStart, TimeSpan End)
{
    public static SampleTimeLimits Default { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
}
