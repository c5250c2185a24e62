using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>What one orchestration told another: written with the sender's turn, deleted with the receiver's.</summary>
internal sealed record InboxRow(long Sequence, long Key, int Generation, HistoryEvent Event);
