using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Evaluates a gate. Missing data holds it; a failure to measure is not a failure of the pipeline.</summary>
public static class Gate
{
    /// <param name="evidence">Null when it could not be read.</param>
    /// <param name="problem">Why it could not be read.</param>
    public static IReadOnlyList<CriterionResult> Evaluate(PhasePlan phase, RolloutState state, Evidence? evidence, string problem = "") =>
        [.. phase.Gate.Select(c => Evaluate(c, phase, state, evidence, problem))];

    private static CriterionResult Evaluate(Criterion criterion, PhasePlan phase, RolloutState state, Evidence? evidence, string problem)
    {
        CriterionResult result = criterion.Measure is { } measure
            ? Measured(criterion, measure, evidence, problem)
            : new(criterion.Id, criterion.Title, CriterionState.Open, "open", CriterionResult.ConfirmedTarget, Detail: string.Empty);
        if (criterion.Confirm is null || result.State == CriterionState.Met)
        {
            return result;
        }

        if (state.Confirmations.LastOrDefault(c => c.Phase == phase.Name && c.Criterion == criterion.Id) is { } confirmation)
        {
            string detail = FormattableString.Invariant($"{confirmation.At:yyyy-MM-dd HH:mm} {confirmation.Note}").TrimEnd();
            return result with { State = CriterionState.Met, Value = $"confirmed by {confirmation.By}", Detail = detail, Sample = 0 };
        }

        string request = $"{criterion.Confirm} Then: rollout confirm {criterion.Id}";
        return result with
        {
            State = CriterionState.Open,
            Detail = result.Detail.Length == 0 ? request : $"{result.Detail}. {request}",
        };
    }

    private static CriterionResult Measured(Criterion criterion, Measure measure, Evidence? evidence, string problem)
    {
        string target = Measurements.DescribeTarget(criterion, measure);
        if (evidence is null)
        {
            return new CriterionResult(criterion.Id, criterion.Title, CriterionState.Open, "not measured", target, problem);
        }

        MeasureRule rule = Measurements.Rules[measure];
        Measurement measured = rule.Take(criterion, evidence);
        return new CriterionResult(
            criterion.Id, criterion.Title, StateOf(criterion, rule, measured), measured.Text, target, measured.Detail, measured.Sample);
    }

    private static CriterionState StateOf(Criterion criterion, MeasureRule rule, Measurement measured)
    {
        if (measured.Value is not { } value)
        {
            return CriterionState.Open;
        }

        bool hasSample = measured.Sample >= criterion.MinimumSample;
        bool holds = criterion.Is switch
        {
            Bound.AtMost => value <= criterion.Target,
            Bound.Below => value < criterion.Target,
            Bound.AtLeast => value >= criterion.Target,
            _ => value > criterion.Target,
        };
        return holds
            ? hasSample && measured.IsComplete ? CriterionState.Met : CriterionState.Open
            : rule.OnMiss == MissPolicy.AlwaysOpen || (rule.OnMiss == MissPolicy.OpenUntilSampled && !hasSample) ? CriterionState.Open
            : CriterionState.Unmet;
    }
}
