using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Decides from the feature flags which logic works on an issue, and says why.</summary>
internal sealed class FlagRoutePolicy(FlagSource source, FlagEvaluator evaluator, ICurrentPhase phase) : IRoutePolicy
{
    public async Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken)
    {
        FlagSnapshot flags = await source.CurrentAsync(cancellationToken);
        return await DecideAsync(flags, issue, labels, cancellationToken);
    }

    /// <summary>A run that decided on the legacy logic keeps it: the kill switch only ever stops unified writes.</summary>
    public async Task<bool> IsStillValidAsync(
        RouteDecision decision,
        IReadOnlyList<Stage> stages,
        IssueRef issue,
        IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken)
    {
        Stage[] unified = [.. stages.Where(s => decision.For(s) == Logic.Unified)];
        if (unified.Length == 0)
        {
            return true;
        }

        FlagSnapshot flags = await source.CurrentAsync(cancellationToken);
        if (flags.Revision == decision.FlagsRevision)
        {
            return true;
        }

        RouteDecision now = await DecideAsync(flags, issue, labels, cancellationToken);
        return unified.All(s => now.For(s) == Logic.Unified);
    }

    public async Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken)
    {
        FlagSnapshot flags = await source.CurrentAsync(cancellationToken);
        string name = trigger == AutomaticTrigger.Webhook ? FlagNames.AutomaticTriggers : FlagNames.AutomaticTriggersTimer;
        bool on = await evaluator.IsOnAsync(flags, name, target: null, cancellationToken);
        return new TriggerDecision(on, on
            ? string.Empty
            : $"{FlagReasons.Off(flags.Find(name), name)} (flags revision {flags.Revision}); start it by hand, or enable the flag.");
    }

    public async Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken)
    {
        FlagSnapshot flags = await source.CurrentAsync(cancellationToken);
        string? variant = await evaluator.VariantAsync(flags, FlagNames.LegacyCommands, cancellationToken);
        return Enum.TryParse(variant, ignoreCase: true, out LegacyCommandMode mode) && Enum.IsDefined(mode)
            ? mode
            : LegacyCommandMode.Available;
    }

    public async Task<RouteDecision> DecideAsync(
        FlagSnapshot flags, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken)
    {
        var target = new IssueTargetingContext(issue, labels);
        bool unified = await evaluator.IsOnAsync(flags, FlagNames.UnifiedPipeline, target, cancellationToken);
        return new RouteDecision
        {
            Route = unified ? Logic.Unified : Logic.Legacy,
            Reason = FlagReasons.Route(flags.Find(FlagNames.UnifiedPipeline), issue, labels),
            Analysis = unified ? await StageAsync(flags, Stage.Analysis, cancellationToken) : Logic.Legacy,
            Preparation = unified ? await StageAsync(flags, Stage.Preparation, cancellationToken) : Logic.Legacy,

            // After a full rollback its flag still stands on; with the pipeline off there is nothing to compare for.
            Compare = flags.GetSetting(FlagNames.UnifiedPipeline).Enabled
                && await evaluator.IsOnAsync(flags, FlagNames.Comparison, target, cancellationToken),
            FlagsRevision = flags.Revision,
            Phase = await phase.GetNameAsync(cancellationToken),
        };
    }

    private async Task<Logic> StageAsync(FlagSnapshot flags, Stage stage, CancellationToken cancellationToken)
    {
        if (await evaluator.IsOnAsync(flags, FlagNames.For(stage), target: null, cancellationToken))
        {
            return Logic.Unified;
        }

        return await evaluator.IsOnAsync(flags, FlagNames.FallbackFor(stage), target: null, cancellationToken) ? Logic.Legacy : Logic.Wait;
    }
}
