namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Who started a sub-orchestration and awaits it. The generation tells a parent that has continued as new from the one that asked.</summary>
internal sealed record InstanceParent(long Key, int Generation, int TaskId, string Id, string Name);
