using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>An activity that is on disk as scheduled and has to run.</summary>
internal sealed record ActivityWork(Instance Instance, int Generation, HistoryEvent Scheduled);
