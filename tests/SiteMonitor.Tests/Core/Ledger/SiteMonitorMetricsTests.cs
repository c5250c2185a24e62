using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Reporting;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class SiteMonitorMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<SiteMonitorMetrics>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _seen = [];
    private readonly SiteMonitorMetrics _metrics;

    public SiteMonitorMetricsTests()
    {
        object scope = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SiteMonitorMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        _metrics = _services.GetRequiredService<SiteMonitorMetrics>();
    }

    [Fact]
    public void A_Run_Is_Exported_Under_The_Names_And_Labels_That_The_Alerts_Ask_For()
    {
        _metrics.Record(Records.Run(1, ms: 4200));

        (string _, double count, Dictionary<string, object?> tags) = Assert.Single(_seen, s => s.Name == "sitemonitor.runs");
        Assert.Equal(1, count);
        Assert.Equal(("succeeded", "unified", "full", "run"), ((string)tags["outcome"]!, (string)tags["route"]!, (string)tags["phase"]!, (string)tags["kind"]!));
        Assert.Equal(4200, Assert.Single(_seen, s => s.Name == "sitemonitor.run.duration").Value);
        Assert.Equal(0.01, Assert.Single(_seen, s => s.Name == "sitemonitor.run.dollars").Value, 5);
        Assert.Equal([1050, 3150], _seen.Where(s => s.Name == "sitemonitor.stage.duration").Select(s => s.Value));
        Assert.Equal(4, _seen.Single(s => s.Name == "sitemonitor.github.calls" && s.Tags["kind"] is "write").Value);
        Assert.Equal(900, _seen.Single(s => s.Name == "sitemonitor.tokens" && s.Tags["kind"] is "prompt").Value);
    }

    [Fact]
    public void A_Failed_Run_Says_Nothing_About_Speed_And_A_Skipped_One_Nothing_About_Cost()
    {
        _metrics.Record(Records.Run(1, RunOutcome.Failed));
        _metrics.Record(Records.Run(2, RunOutcome.Skipped));

        Assert.Equal(2, _seen.Count(s => s.Name == "sitemonitor.runs"));
        Assert.DoesNotContain(_seen, s => s.Name == "sitemonitor.run.duration");
        Assert.Single(_seen, s => s.Name == "sitemonitor.run.dollars");
    }

    [Fact]
    public async Task A_Record_That_Is_Written_Twice_Is_Counted_Once()
    {
        RunRecorder recorder = new(new MemoryLedger(), _metrics, []);
        RunRecord record = Records.Run(1);

        await recorder.AppendAsync(record, TestContext.Current.CancellationToken);
        await recorder.AppendAsync(record, TestContext.Current.CancellationToken);

        Assert.Single(_seen, s => s.Name == "sitemonitor.runs");
    }

    [Fact]
    public void Commands_And_Heartbeats_Are_No_Runs()
    {
        _metrics.Record(Records.Command("process-issues", "deprecated"));
        _metrics.Record(Heartbeats.Create(Records.Now, "full"));

        Assert.Equal(["sitemonitor.commands", "sitemonitor.heartbeats"], _seen.Select(s => s.Name));
        Assert.Equal("process-issues", _seen[0].Tags["command"]);
    }

    [Fact]
    public void A_Rollback_Is_Counted_By_Who_Made_It()
    {
        _metrics.CountRollback("half", byGuard: true);
        _metrics.CountRollback("half", byGuard: false);

        Assert.Equal(["guard", "operator"], _seen.Where(s => s.Name == "sitemonitor.rollbacks").Select(s => s.Tags["by"]));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Add((instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));
}
