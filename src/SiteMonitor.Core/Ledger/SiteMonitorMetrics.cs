using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SiteMonitor.Core.Ledger;

/// <summary>
/// The exported metrics, counted from ledger records and rollbacks. Alerts use these names (<c>infra/modules/alerts.bicep</c>).
/// </summary>
public sealed class SiteMonitorMetrics
{
    public const string MeterName = "SiteMonitor";

    // Boundaries around the targets: 30 s and $0.05.
    private static readonly InstrumentAdvice<double> Milliseconds = new() { HistogramBucketBoundaries = [100, 250, 500, 1000, 2500, 5000,
        10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 120_000, 300_000] };

    private static readonly InstrumentAdvice<double> Dollars =
        new() { HistogramBucketBoundaries = [0, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25] };

    private readonly Counter<long> _runs;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _dollars;
    private readonly Histogram<double> _stages;
    private readonly Counter<long> _gitHub;
    private readonly Counter<long> _modelCalls;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _cacheHits;
    private readonly Counter<long> _interventions;
    private readonly Counter<long> _commands;
    private readonly Counter<long> _heartbeats;
    private readonly Counter<long> _rollbacks;

    public SiteMonitorMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        _runs = meter.CreateCounter<long>("sitemonitor.runs", "{run}", "Runs and completions that ended.");
        _durations = meter.CreateHistogram<double>("sitemonitor.run.duration", "ms",
            "From a run's start to its last write, waits left out; of runs that came to an end of their own.", tags: null, Milliseconds);
        _dollars = meter.CreateHistogram<double>("sitemonitor.run.dollars", "{USD}", "What the model cost a run that had something to do.",
            tags: null, Dollars);
        _stages = meter.CreateHistogram<double>("sitemonitor.stage.duration", "ms", "Time of one stage, waits left out.", tags: null,
            Milliseconds);
        _gitHub = meter.CreateCounter<long>("sitemonitor.github.calls", "{request}", "Requests to GitHub.");
        _modelCalls = meter.CreateCounter<long>("sitemonitor.model.calls", "{request}", "Requests to the model.");
        _tokens = meter.CreateCounter<long>("sitemonitor.tokens", "{token}", "Tokens that the model charged for.");
        _cacheHits = meter.CreateCounter<long>("sitemonitor.cache.hits", "{hit}", "Analyses answered from the cache, at no cost.");
        _interventions = meter.CreateCounter<long>("sitemonitor.interventions", "{run}",
            "Runs in which a person changed a workflow label.");
        _commands = meter.CreateCounter<long>("sitemonitor.commands", "{call}", "Calls of old commands.");
        _heartbeats = meter.CreateCounter<long>("sitemonitor.heartbeats", "{beat}", "Signs of life.");
        _rollbacks = meter.CreateCounter<long>("sitemonitor.rollbacks", "{rollback}", "Rollbacks, by hand or by the guard.");
    }

    /// <summary>Counts a record; call once for each that was appended.</summary>
    public void Record(RunRecord record)
    {
        switch (record.Kind)
        {
            case RunKind.Command:
                _commands.Add(1, Tag("command", record.RequestedStage), Tag("mode", record.ReasonCode));
                break;
            case RunKind.Heartbeat:
                _heartbeats.Add(1);
                break;
            default:
                RecordRun(record);
                break;
        }
    }

    /// <summary>Counts a rollback; call once for each that was saved.</summary>
    public void CountRollback(string phase, bool byGuard) =>
        _rollbacks.Add(1, Tag("phase", phase), Tag("by", byGuard ? "guard" : "operator"));

    private void RecordRun(RunRecord record)
    {
        string route = record.Route is { } r ? WireName.Of(r) : "none";
        TagList tags = new() { Tag("outcome", WireName.Of(record.Outcome)), Tag("route", route), Tag("phase", record.Phase),
            Tag("kind", WireName.Of(record.Kind)) };
        _runs.Add(1, tags);
        if (record.Outcome != RunOutcome.Skipped
            && (record.Kind == RunKind.Run || (record.Kind == RunKind.Comparison && RunStatistics.IsAnalyzed(record))))
        {
            _dollars.Record((double)record.Usage.Dollars, tags);
        }

        if (RunStatistics.HasDuration(record))
        {
            _durations.Record(record.DurationMs, tags);
        }

        if (record is { ManualIntervention: true } or { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.ManualIntervention })
        {
            _interventions.Add(1, Tag("route", route));
        }

        foreach (StageRecord stage in record.Stages)
        {
            _stages.Record(stage.Ms, Tag("stage", WireName.Of(stage.Stage)), Tag("logic", WireName.Of(stage.Logic)),
                Tag("outcome", WireName.Of(stage.Outcome)));
        }

        RecordUsage(record.Usage);
    }

    private void RecordUsage(Usage usage)
    {
        Add(_gitHub, usage.GitHubReads, Tag("kind", "read"));
        Add(_gitHub, usage.GitHubWrites, Tag("kind", "write"));
        Add(_gitHub, usage.GitHubExtra, Tag("kind", "extra"));
        Add(_tokens, usage.PromptTokens, Tag("kind", "prompt"));
        Add(_tokens, usage.CompletionTokens, Tag("kind", "completion"));
        if (usage.ModelCalls > 0)
        {
            _modelCalls.Add(usage.ModelCalls);
        }

        if (usage.CacheHits > 0)
        {
            _cacheHits.Add(usage.CacheHits);
        }
    }

    private static void Add(Counter<long> counter, int count, KeyValuePair<string, object?> tag)
    {
        if (count > 0)
        {
            counter.Add(count, tag);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
