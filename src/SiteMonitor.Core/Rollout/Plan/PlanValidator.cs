using System.Text.RegularExpressions;
using static System.FormattableString;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Checks of a plan that the schema cannot express.</summary>
public static partial class PlanValidator
{
    /// <summary>Returns each problem: where, what is wrong, what to do.</summary>
    public static IEnumerable<string> Validate(RolloutPlan plan) =>
        [.. Head(plan), .. Phases(plan), .. Guard(plan.Guard), .. plan.Contacts.SelectMany(Contact), .. Workflows(plan),
            .. BetaIssues(plan)];

    private static IEnumerable<string> Head(RolloutPlan plan) => Select(
    [
        (plan.Version != RolloutPlan.CurrentVersion,
            $"version: {plan.Version} is not known; this program reads version {RolloutPlan.CurrentVersion}."),
        (plan.BaselineFloorSeconds <= 0, "baselineFloorSeconds: must be above 0."),
        (plan.Incidents.AcknowledgeWithinMinutes < 1 || plan.Incidents.RemindEveryMinutes < 1,
            "incidents: both times must be at least 1 minute."),
    ]);

    private static IEnumerable<string> Phases(RolloutPlan plan) => plan.Phases.Count < 2
        ? ["phases: there must be at least two."]
        :
        [
            .. FindDuplicates(plan.Phases.Select(p => p.Name)).Select(name => $"phases: '{name}' is there twice; names must differ."),
            .. Select(
            [
                (plan.Phases[0].Flags.UnifiedPipeline.Enabled,
                    "phases[0].flags.unifiedPipeline.enabled: the first phase has the unified pipeline off."),
                (plan.Phases[^1].Gate.Count > 0,
                    $"phases[{plan.Phases.Count - 1}].gate: the last phase has no gate, as nothing comes after it."),
            ]),
            .. plan.Phases.SelectMany((phase, i) => Phase(phase, plan.Phases.Take(i)).Select(problem => $"phases[{i}].{problem}")),
        ];

    private static IEnumerable<string> Phase(PhasePlan phase, IEnumerable<PhasePlan> earlier)
    {
        PipelineFlag pipeline = phase.Flags.UnifiedPipeline;
        double before = earlier.Select(p => p.Flags.UnifiedPipeline.Percentage).DefaultIfEmpty().Max();
        bool isShare = pipeline.Percentage is >= 0 and <= 100;
        return
        [
            .. Select(
            [
                (!Name().IsMatch(phase.Name), $"name: '{phase.Name}' must be lower-case letters, digits and hyphens."),
                (!isShare, Invariant($"flags.unifiedPipeline.percentage: {pipeline.Percentage} is not within 0 to 100.")),
                (isShare && pipeline.Percentage < before,
                    Invariant($"flags.unifiedPipeline.percentage: {pipeline.Percentage} is less than the {before} of an earlier phase; ") +
                        "issues would move back."),
                (phase.Intake < 0, "intake: must not be negative; 0 leaves the backlog alone, without it all of it is started."),
                (pipeline is { Enabled: true, Percentage: 0, Labels.Count: 0 },
                    "flags.unifiedPipeline: enabled without labels and at 0 %, so no issue would take it; " +
                        "give it a label or a percentage."),
            ]),
            .. FindDuplicates(phase.Gate.Select(c => c.Id)).Select(id => $"gate: the criterion '{id}' is there twice; ids must differ."),
            .. phase.Gate.SelectMany((criterion, i) => Criterion(criterion).Select(problem => $"gate[{i}]{problem}")),
        ];
    }

    private static IEnumerable<string> Criterion(Criterion criterion) => Select(
    [
        (!Name().IsMatch(criterion.Id), $".id: '{criterion.Id}' must be lower-case letters, digits and hyphens."),
        (criterion.Measure is null && string.IsNullOrWhiteSpace(criterion.Confirm),
            $" ({criterion.Id}): give it a measure or, in confirm, what a person has to judge."),
        (criterion.Target < 0 || criterion.MinimumSample < 0 || criterion.Days < 1,
            $" ({criterion.Id}): target and minimumSample must not be negative, days at least 1."),
        (criterion.Runs != 0 && criterion.Runs < Math.Max(1, criterion.MinimumSample),
            $" ({criterion.Id}): runs must be at least minimumSample, or 0 for all runs."),
    ]);

    private static IEnumerable<string> Guard(GuardPlan guard) =>
    [
        .. Rule("errors", guard.Errors),
        .. Rule("critical", guard.Critical),
        .. Rule("unanswered", guard.Unanswered),
        .. Rule("slow", guard.Slow),
        .. Select(
        [
            (!(guard.HandOver.MinimumRate > 0 && guard.HandOver.MinimumRate <= guard.HandOver.MaximumRate
                && guard.HandOver.MaximumRate < 0.5),
                "guard.handOver: the rates are shares, 0 < minimumRate <= maximumRate < 0.5, for example 0.05 and 0.4."),
            (!(guard.HandOver.Threshold > 0), "guard.handOver.threshold: must be above 0, for example 8."),
            (!(guard.DurationRatioAbove > 1), "guard.durationRatioAbove: must be above 1, for example 2."),
        ]),
    ];

    private static IEnumerable<string> Rule(string name, GuardRule rule) => Select(
    [
        (!(rule.HealthyRate > 0 && rule.HealthyRate < rule.FailingRate && rule.FailingRate < 1),
            $"guard.{name}: healthyRate and failingRate are shares, 0 < healthyRate < failingRate < 1, for example 0.01 and 0.1."),
        (!(rule.Threshold > 0), $"guard.{name}.threshold: must be above 0, for example 7.5."),
    ]);

    private static IEnumerable<string> Contact(Contact contact, int i) =>
    [
        .. contact.Topics.Where(t => t != "*" && !Topics.All.Contains(t))
            .Select(t => $"contacts[{i}].topics: '{t}' is not known; choose among {string.Join(", ", Topics.All)}, or *."),
        .. contact.Channels.Where(c => c.Contains("://", StringComparison.Ordinal)).Take(1).Select(_ =>
            $"contacts[{i}].channels: holds an address; name the channel here and set its address as "
            + "Announcements:Channels:<name>, since it is a secret."),
    ];

    private static IEnumerable<string> Workflows(RolloutPlan plan) =>
        plan.Workflows.Old.Concat(plan.Workflows.New).Where(w => !Workflow().IsMatch(w))
            .Select(w => $"workflows: '{w}' is not the file name of a workflow (.yml).");

    private static IEnumerable<string> BetaIssues(RolloutPlan plan) =>
        FindDuplicates(plan.BetaIssues.Select(b => b.Title))
            .Select(title => $"betaIssues: the title '{title}' is there twice; titles must differ.");

    private static IEnumerable<string> Select(IEnumerable<(bool IsWrong, string Problem)> checks) =>
        checks.Where(c => c.IsWrong).Select(c => c.Problem);

    private static IEnumerable<string> FindDuplicates(IEnumerable<string> names) =>
        names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+\.ya?ml$")]
    private static partial Regex Workflow();
}
