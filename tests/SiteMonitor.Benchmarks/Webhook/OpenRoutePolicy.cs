using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>Lets every trigger start; nothing else is asked in this benchmark.</summary>
internal sealed class OpenRoutePolicy : IRoutePolicy
{
    public Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken) => Task.FromResult(new TriggerDecision(true, "Benchmark"));

    public Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> IsStillValidAsync(RouteDecision decision, Stage stage, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
