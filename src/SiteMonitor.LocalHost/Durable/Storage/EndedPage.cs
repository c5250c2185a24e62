namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Some of the instances that ended by a time.</summary>
/// <param name="Next">Where the next page begins; null after the last.</param>
internal sealed record EndedPage(IReadOnlyList<long> Keys, long? Next);
