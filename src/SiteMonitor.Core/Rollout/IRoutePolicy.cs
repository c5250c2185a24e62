using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Rollout;

/// <summary>The feature flags, as the pipeline asks them.</summary>
public interface IRoutePolicy
{
    /// <summary>Decides for one issue from a flag snapshot at most 30 s old.</summary>
    Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken);

    /// <summary>The kill switch: asked just before a stage writes. False when the flags no longer give this stage the logic the run decided on.</summary>
    Task<bool> IsStillValidAsync(RouteDecision decision, Stage stage, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken);

    /// <summary>Whether a trigger may start work now.</summary>
    Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken);

    Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken);
}
