using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class ComparisonTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private SlowModel? _model;

    [Fact]
    public async Task A_Legacy_Run_That_Is_Compared_Is_Not_Charged_With_The_Models_Time()
    {
        await using PipelineApp app = await StartAsync();
        app.Flags.OnlyLabelled("beta-test").On("UnifiedPipeline.Comparison");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Succeeded, Logic.Legacy), (record.Outcome, record.Route));
        Assert.Equal(1, _model!.Calls);
        Assert.True(record.Ended - record.Started >= Slow * 50, "the clock runs fifty times as fast, so the comparison took this long by it");
        Assert.InRange(record.DurationMs, 0, (record.Ended - record.Started - (Slow * 50)).TotalMilliseconds);
    }

    [Fact]
    public async Task A_Unified_Run_That_Is_Compared_Is_Charged_With_The_Models_Time_In_Its_Analysis()
    {
        // How long deciding took is measured by the machine's clock, so the run has to go by it too.
        await using PipelineApp app = await StartAsync(TimeProvider.System);
        app.Flags.On("UnifiedPipeline.Comparison");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Succeeded, Logic.Unified), (record.Outcome, record.Route));
        Assert.Equal(1, record.Usage.CacheHits);
        StageRecord analysis = record.Stages.Single(s => s.Stage == Stage.Analysis);
        Assert.InRange(analysis.Ms, Slow.TotalMilliseconds, record.DurationMs);
    }

    [Fact]
    public async Task Once_The_Pipeline_Is_Off_Nothing_Is_Compared_Any_More()
    {
        await using PipelineApp app = await StartAsync();
        app.Flags.Off("UnifiedPipeline").On("UnifiedPipeline.Comparison");

        RunRecord record = await app.RunAsync(app.OpenForBoth());

        Assert.Equal((RunOutcome.Succeeded, Logic.Legacy), (record.Outcome, record.Route));
        Assert.Null(_model);
    }

    private Task<PipelineApp> StartAsync(TimeProvider? clock = null) => PipelineApp.StartAsync(services: services =>
    {
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        ServiceDescriptor real = services.Last(d => d.ServiceType == typeof(IAnalysisModel));
        services.AddSingleton<IAnalysisModel>(provider => _model = new SlowModel((IAnalysisModel)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)), Slow));
    });

    /// <summary>Slow once: afterwards the answer is in the cache.</summary>
    private sealed class SlowModel(IAnalysisModel inner, TimeSpan delay) : IAnalysisModel
    {
        private int _calls;

        public int Calls => _calls;

        public Task<bool> IsCachedAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
            inner.IsCachedAsync(text, catalogue, cancellationToken);

        public Task<DateTimeOffset?> GetRetryTimeIfDownAsync(SpecialistCatalogue catalogue) => inner.GetRetryTimeIfDownAsync(catalogue);

        public async Task<CallResult<ModelResult>> AnalyzeAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _calls) == 1)
            {
                await Task.Delay(delay, TimeProvider.System, cancellationToken);
            }

            return await inner.AnalyzeAsync(text, catalogue, cancellationToken);
        }

        public Task<ModelAnalysis?> FindCachedAsync(string cacheKey, SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
            inner.FindCachedAsync(cacheKey, catalogue, cancellationToken);

        public Task<bool> IsAnsweringAsync(SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
            inner.IsAnsweringAsync(catalogue, cancellationToken);
    }
}
