using System.Diagnostics.Metrics;
using DurableTask.Core;

namespace DurableTask.Sqlite.Storage;

/// <summary>The instruments of the meter <c>DurableTask.Sqlite</c>.</summary>
internal static class Metrics
{
    private static readonly Meter s_meter = new("DurableTask.Sqlite");

    private static readonly Counter<long> s_instances =
        s_meter.CreateCounter<long>("durable.instances", description: "Instances by the status they reached.");

    private static readonly Histogram<int> s_batch =
        s_meter.CreateHistogram<int>("durable.commit.batch", description: "Changes that shared one commit.");

    private static readonly Histogram<double> s_commit =
        s_meter.CreateHistogram<double>("durable.commit.duration", "s", "Time of one commit, disk sync included.");

    public static void Reached(OrchestrationStatus status) => s_instances.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    public static void Committed(int changes, TimeSpan duration)
    {
        s_batch.Record(changes);
        s_commit.Record(duration.TotalSeconds);
    }
}
