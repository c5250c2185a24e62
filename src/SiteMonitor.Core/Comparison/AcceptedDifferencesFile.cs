namespace SiteMonitor.Core.Comparison;

/// <summary>The rules file as written: everything may be missing until it is checked.</summary>
internal sealed record AcceptedDifferencesFile
{
    public List<Entry?>? Rules { get; init; }

    internal sealed record Entry
    {
        public string? Id { get; init; }

        public ComparedField? Field { get; init; }

        public DifferenceSide? Side { get; init; }

        public string? Item { get; init; }

        public string? Reason { get; init; }
    }
}
