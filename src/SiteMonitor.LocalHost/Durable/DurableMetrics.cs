using System.Diagnostics.Metrics;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Counters of the engine, on the meter <see cref="MeterName"/>.</summary>
internal sealed class DurableMetrics
{
    public const string MeterName = "SiteMonitor.Durable";

    private readonly Counter<long> _instances;
    private readonly Counter<long> _turns;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _activities;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;

    public DurableMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _instances = meter.CreateCounter<long>("durable.instances", description: "Instances by the status they reached.");
        _turns = meter.CreateCounter<long>("durable.turns", description: "Times an orchestrator was given new events.");
        _replays = meter.CreateCounter<long>("durable.replays", description: "Orchestrators rebuilt from their history.");
        _activities = meter.CreateCounter<long>("durable.activities", description: "Activity runs by outcome.");
        _batch = meter.CreateHistogram<int>("durable.commit.batch", description: "Changes that shared one commit.");
        _commit = meter.CreateHistogram<double>("durable.commit.duration", "s", "Time of one commit, disk sync included.");
    }

    public void Reached(OrchestrationRuntimeStatus status) => _instances.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    public void Turn() => _turns.Add(1);

    public void Replayed() => _replays.Add(1);

    public void ActivityRan(bool succeeded) => _activities.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "succeeded" : "failed"));

    public void Committed(int changes, TimeSpan duration)
    {
        _batch.Record(changes);
        _commit.Record(duration.TotalSeconds);
    }
}
