namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>By key, then by label, none first: the order of lists.</summary>
internal sealed class KeyValueOrder : IComparer<(string Key, string? Label)>
{
    public static KeyValueOrder Instance { get; } = new();

    public int Compare((string Key, string? Label) x, (string Key, string? Label) y) =>
        string.CompareOrdinal(x.Key, y.Key) is var byKey and not 0 ? byKey : string.CompareOrdinal(x.Label, y.Label);
}
