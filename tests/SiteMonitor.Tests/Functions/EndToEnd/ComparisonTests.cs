using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class ComparisonTests
{
    [Fact]
    public async Task A_legacy_run_that_is_compared_is_not_charged_with_the_models_time()
    {
        TimeSpan slow = TimeSpan.FromSeconds(2);
        SlowModel? model = null;
        await using PipelineApp app = await PipelineApp.StartAsync(services: services =>
        {
            ServiceDescriptor real = services.Last(d => d.ServiceType == typeof(IAnalysisModel));
            services.AddSingleton<IAnalysisModel>(provider => model = new SlowModel((IAnalysisModel)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)), slow));
        });
        app.Flags.Off("UnifiedPipeline").On("UnifiedPipeline.Comparison");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Succeeded, Logic.Legacy), (record.Outcome, record.Route));
        Assert.Equal(1, model!.Calls);
        Assert.True(record.Ended - record.Started >= slow * 50, "the clock runs fifty times as fast, so the comparison took this long by it");
        Assert.InRange(record.DurationMs, 0, (record.Ended - record.Started - (slow * 50)).TotalMilliseconds);
    }

    private sealed class SlowModel(IAnalysisModel inner, TimeSpan delay) : IAnalysisModel
    {
        private int _calls;

        public int Calls => _calls;

        public async Task<CallResult<ModelReply>> AnalyzeAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            await Task.Delay(delay, TimeProvider.System, cancellationToken);
            return await inner.AnalyzeAsync(text, catalogue, cancellationToken);
        }
    }
}
