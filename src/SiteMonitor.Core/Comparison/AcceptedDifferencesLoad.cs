namespace SiteMonitor.Core.Comparison;

/// <summary>The rules of a file, or everything that is wrong with it (file, place, reason).</summary>
public sealed record AcceptedDifferencesLoadResult(IReadOnlyList<AcceptedDifference>? Rules, IReadOnlyList<string> Problems)
{
    public bool IsValid => Rules is not null;
}
