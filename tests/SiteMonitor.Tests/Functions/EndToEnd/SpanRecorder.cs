using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>
/// Keeps the ended spans of an application. Sources belong to the process, so those of tests that run at the same time come too: a trace is
/// this application's when one of its runs was recorded in it.
/// </summary>
internal sealed class SpanRecorder : BaseProcessor<Activity>, IRunRecordObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ConcurrentDictionary<ActivityTraceId, string> _traces = new();

    /// <summary>All spans, of other applications too.</summary>
    public IReadOnlyList<Activity> All => [.. _ended];

    /// <summary>The spans of the traces in which this application recorded runs.</summary>
    public IEnumerable<Activity> OfRuns => _ended.Where(s => _traces.ContainsKey(s.TraceId));

    public void AddTo(IServiceCollection services)
    {
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(this));
        services.AddSingleton<IRunRecordObserver>(this);
    }

    public Task OnRecordedAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (record.Kind == RunKind.Run && Activity.Current is { } current)
        {
            _traces[current.TraceId] = record.Issue;
        }

        return Task.CompletedTask;
    }

    public override void OnEnd(Activity data) => _ended.Enqueue(data);

    /// <summary>Waits for a span.</summary>
    public async Task<Activity> WaitAsync(Func<Activity, bool> isWanted)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        Activity? found;
        while ((found = _ended.FirstOrDefault(isWanted)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        return found;
    }

    /// <summary>Waits for the end of the orchestration that made the issue's run, and returns its trace's spans.</summary>
    public async Task<Activity[]> TraceOfRunAsync(IssueRef issue)
    {
        Activity run = await WaitAsync(s => s.Kind == ActivityKind.Server && s.DisplayName.StartsWith("orchestration:IssuePipeline", StringComparison.Ordinal)
            && _traces.GetValueOrDefault(s.TraceId) == issue.Canonical);

        // An activity's span ends after its result was taken, so possibly after the orchestration's.
        await WaitAsync(s => s.TraceId == run.TraceId && s.GetTagItem("sitemonitor.run.id") is not null);
        return [.. All.Where(s => s.TraceId == run.TraceId)];
    }
}
