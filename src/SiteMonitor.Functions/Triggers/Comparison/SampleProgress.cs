using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Functions.Triggers.Comparison;

/// <summary>A sample while it is taken.</summary>
internal sealed class SampleProgress(SampleRequest wanted, IEnumerable<string> comparedBefore, SampleTimeLimits time)
{
    private readonly HashSet<string> _comparedBefore = comparedBefore.ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = wanted.Skip.ToHashSet(StringComparer.OrdinalIgnoreCase);
    private bool _taken;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public List<IssueComparison> Compared { get; } = [];

    public List<string> LeftOut { get; } = [];

    /// <summary>A rate limit bars the rest; empty while none does.</summary>
    public string StopReason { get; private set; } = string.Empty;

    public int Missing => Math.Max(0, wanted.Sample - Compared.Count(c => !c.IsUnmatched));

    // One issue at least, so that asking again always comes to an end.
    public bool IsLate => _taken && TimeProvider.System.GetElapsedTime(_start) >= time.Begin;

    /// <summary>How long the issue at hand may still take.</summary>
    public TimeSpan Left => TimeSpan.FromTicks(Math.Max(0, (time.End - TimeProvider.System.GetElapsedTime(_start)).Ticks));

    /// <summary>Whether no issue is to be begun any more.</summary>
    public bool IsOver => Missing == 0 || StopReason.Length > 0 || IsLate;

    /// <summary>Issues to list so that enough new ones are among them.</summary>
    public int Known => _comparedBefore.Count + _seen.Count;

    /// <summary>False for an issue that was looked at before.</summary>
    public bool TryTake(string issue)
    {
        bool isNew = !_comparedBefore.Contains(issue) && _seen.Add(issue);
        _taken |= isNew;
        return isNew;
    }

    public void StopForRateLimit(string why)
    {
        StopReason = why;
        LeftOut.Add(why);
    }

    public SampleResponse Answer()
    {
        bool more = Missing > 0 && StopReason.Length == 0 && IsLate;
        return new SampleResponse
        {
            Report = ConsistencyReport.Create(Compared),
            LeftOut = LeftOut,
            Recorded = !wanted.DryRun,
            Missing = Missing,
            More = more,
            Seen = [.. _seen],
            Next = Missing == 0 ? "rollout gate"
                : more ? $"{Missing} are missing: ask again for so many, with skip set to seen"
                : StopReason.Length > 0 ? $"{Missing} are missing: ask again when the limit is over"
                : $"{Missing} are missing: there are no further issues to decide on",
        };
    }
}

/// <summary>How long one request for a sample may take. Azure's front end gives up after 230 s and most clients after 100 s; an issue costs a read and a model call.</summary>
/// <param name="Begin">No issue is begun after so long.</param>
/// <param name="End">An issue that is not done by then is given up.</param>
public sealed record SampleTimeLimits(TimeSpan Begin, TimeSpan End)
{
    public static SampleTimeLimits Default { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
}
