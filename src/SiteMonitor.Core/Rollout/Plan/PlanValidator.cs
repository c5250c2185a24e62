using System.Globalization;
using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Checks of a plan that the schema cannot express.</summary>
public static partial class PlanValidator
{
    /// <summary>Each problem: where, what is wrong, what to do.</summary>
    public static IEnumerable<string> Validate(RolloutPlan plan) =>
        [.. Head(plan), .. Phases(plan), .. Guard(plan.Guard), .. Contacts(plan), .. Workflows(plan), .. BetaIssues(plan)];

    private static IEnumerable<string> Head(RolloutPlan plan)
    {
        if (plan.Version != RolloutPlan.CurrentVersion)
        {
            yield return $"version: {plan.Version} is not known; this program reads version {RolloutPlan.CurrentVersion}.";
        }

        if (plan.BaselineFloorSeconds <= 0)
        {
            yield return "baselineFloorSeconds: must be above 0.";
        }

        if (plan.Incidents.AcknowledgeWithinMinutes < 1 || plan.Incidents.RemindEveryMinutes < 1)
        {
            yield return "incidents: both times must be at least 1 minute.";
        }
    }

    private static IEnumerable<string> Phases(RolloutPlan plan)
    {
        if (plan.Phases.Count < 2)
        {
            yield return "phases: there must be at least two.";
            yield break;
        }

        foreach (string name in plan.Phases.GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"phases: '{name}' is there twice; names must differ.";
        }

        if (plan.Phases[0].Flags.UnifiedPipeline.Enabled)
        {
            yield return "phases[0].flags.unifiedPipeline.enabled: the first phase has the unified pipeline off.";
        }

        if (plan.Phases[^1].Gate.Count > 0)
        {
            yield return $"phases[{plan.Phases.Count - 1}].gate: the last phase has no gate, as nothing comes after it.";
        }

        double percentage = 0;
        for (int i = 0; i < plan.Phases.Count; i++)
        {
            PhasePlan phase = plan.Phases[i];
            foreach (string problem in Phase(phase, percentage))
            {
                yield return $"phases[{i}].{problem}";
            }

            percentage = Math.Max(percentage, phase.Flags.UnifiedPipeline.Percentage);
        }
    }

    private static IEnumerable<string> Phase(PhasePlan phase, double before)
    {
        PipelineFlag pipeline = phase.Flags.UnifiedPipeline;
        if (!Name().IsMatch(phase.Name))
        {
            yield return $"name: '{phase.Name}' must be lower-case letters, digits and hyphens.";
        }

        if (pipeline.Percentage is < 0 or > 100)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"flags.unifiedPipeline.percentage: {pipeline.Percentage} is not within 0 to 100.");
        }
        else if (pipeline.Percentage < before)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"flags.unifiedPipeline.percentage: {pipeline.Percentage} is less than the {before} of an earlier phase; issues would move back.");
        }

        if (phase.Intake < 0)
        {
            yield return "intake: must not be negative; 0 leaves the backlog alone, without it all of it is started.";
        }

        if (pipeline is { Enabled: true, Percentage: 0, Labels.Count: 0 })
        {
            yield return "flags.unifiedPipeline: enabled without labels and at 0 %, so no issue would take it; give it a label or a percentage.";
        }

        foreach (string id in phase.Gate.GroupBy(c => c.Id).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"gate: the criterion '{id}' is there twice; ids must differ.";
        }

        for (int i = 0; i < phase.Gate.Count; i++)
        {
            foreach (string problem in Criterion(phase.Gate[i]))
            {
                yield return $"gate[{i}]{problem}";
            }
        }
    }

    private static IEnumerable<string> Criterion(Criterion criterion)
    {
        if (!Name().IsMatch(criterion.Id))
        {
            yield return $".id: '{criterion.Id}' must be lower-case letters, digits and hyphens.";
        }

        if (criterion.Measure is null && string.IsNullOrWhiteSpace(criterion.Confirm))
        {
            yield return $" ({criterion.Id}): give it a measure or, in confirm, what a person has to judge.";
        }

        if (criterion.Target < 0 || criterion.MinimumSample < 0 || criterion.Days < 1)
        {
            yield return $" ({criterion.Id}): target and minimumSample must not be negative, days at least 1.";
        }

        if (criterion.Runs != 0 && criterion.Runs < Math.Max(1, criterion.MinimumSample))
        {
            yield return $" ({criterion.Id}): runs must be at least minimumSample, or 0 for all runs.";
        }
    }

    private static IEnumerable<string> Guard(GuardPlan guard)
    {
        (string Name, GuardRule Rule)[] rules =
            [("errors", guard.Errors), ("critical", guard.Critical), ("unanswered", guard.Unanswered), ("slow", guard.Slow)];
        foreach ((string name, GuardRule rule) in rules)
        {
            if (!(rule.HealthyRate > 0 && rule.HealthyRate < rule.FailingRate && rule.FailingRate < 1))
            {
                yield return $"guard.{name}: healthyRate and failingRate are shares, 0 < healthyRate < failingRate < 1, for example 0.01 and 0.1.";
            }

            if (!(rule.Threshold > 0))
            {
                yield return $"guard.{name}.threshold: must be above 0, for example 7.5.";
            }
        }

        if (!(guard.HandOver.MinimumRate > 0 && guard.HandOver.MinimumRate <= guard.HandOver.MaximumRate
            && guard.HandOver.MaximumRate < 0.5))
        {
            yield return "guard.handOver: the rates are shares, 0 < minimumRate <= maximumRate < 0.5, for example 0.05 and 0.4.";
        }

        if (!(guard.HandOver.Threshold > 0))
        {
            yield return "guard.handOver.threshold: must be above 0, for example 8.";
        }

        if (!(guard.DurationRatioAbove > 1))
        {
            yield return "guard.durationRatioAbove: must be above 1, for example 2.";
        }
    }

    private static IEnumerable<string> Contacts(RolloutPlan plan)
    {
        for (int i = 0; i < plan.Contacts.Count; i++)
        {
            Contact contact = plan.Contacts[i];
            foreach (string topic in contact.Topics.Where(t => t != "*" && !Topics.All.Contains(t)))
            {
                yield return $"contacts[{i}].topics: '{topic}' is not known; choose among {string.Join(", ", Topics.All)}, or *.";
            }

            if (contact.Channels.Any(c => c.Contains("://", StringComparison.Ordinal)))
            {
                yield return $"contacts[{i}].channels: holds an address; name the channel here and set its address as Announcements:Channels:<name>, since it is a secret.";
            }
        }
    }

    private static IEnumerable<string> Workflows(RolloutPlan plan) =>
        plan.Workflows.Old.Concat(plan.Workflows.New).Where(w => !Workflow().IsMatch(w))
            .Select(w => $"workflows: '{w}' is not the file name of a workflow (.yml).");

    private static IEnumerable<string> BetaIssues(RolloutPlan plan) =>
        plan.BetaIssues.GroupBy(b => b.Title).Where(g => g.Count() > 1)
            .Select(g => $"betaIssues: the title '{g.Key}' is there twice; titles must differ.");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+\.ya?ml$")]
    private static partial Regex Workflow();
}
