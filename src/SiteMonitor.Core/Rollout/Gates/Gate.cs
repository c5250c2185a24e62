using System.Globalization;
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
        Confirmation? by = state.Confirmations.LastOrDefault(c => c.Phase == phase.Name && c.Criterion == criterion.Id);
        if (criterion.Measure is not { } measure)
        {
            return by is null
                ? new CriterionResult(criterion.Id, criterion.Title, CriterionState.Open, "open", "confirmed", AskToConfirm(criterion), 0)
                : CreateConfirmed(criterion, by, "confirmed");
        }

        CriterionResult measured = Measured(criterion, measure, evidence, problem);
        return criterion.Confirm is null || measured.State == CriterionState.Met ? measured
            : by is not null ? CreateConfirmed(criterion, by, measured.Target)
            : measured with { State = CriterionState.Open, Detail = $"{measured.Detail}. {AskToConfirm(criterion)}" };
    }

    private static string AskToConfirm(Criterion criterion) => $"{criterion.Confirm} Then: rollout confirm {criterion.Id}";

    private static CriterionResult CreateConfirmed(Criterion criterion, Confirmation by, string target) => new(
        criterion.Id,
        criterion.Title,
        CriterionState.Met,
        $"confirmed by {by.By}",
        target,
        string.Create(CultureInfo.InvariantCulture, $"{by.At:yyyy-MM-dd HH:mm} {by.Note}").TrimEnd(),
        0);

    private static CriterionResult Measured(Criterion criterion, Measure measure, Evidence? evidence, string problem)
    {
        string target = Measurements.Target(criterion, measure);
        if (evidence is null)
        {
            return new CriterionResult(criterion.Id, criterion.Title, CriterionState.Open, "not measured", target, problem, 0);
        }

        Measurement measured = Measurements.Take(measure, criterion, evidence);
        CriterionState state = StateOf(criterion, measure, measured);
        return new CriterionResult(criterion.Id, criterion.Title, state, measured.Text, target, measured.Detail, measured.Sample);
    }

    private static CriterionState StateOf(Criterion criterion, Measure measure, Measurement measured)
    {
        if (measured.Value is not { } value)
        {
            return CriterionState.Open;
        }

        bool holds = criterion.Is switch
        {
            Bound.AtMost => value <= criterion.Target,
            Bound.Below => value < criterion.Target,
            Bound.AtLeast => value >= criterion.Target,
            _ => value > criterion.Target,
        };
        if (holds)
        {
            return measured.Sample >= criterion.MinimumSample && measured.IsComplete ? CriterionState.Met : CriterionState.Open;
        }

        // A count that cannot fall again is unmet at once; a share waits for its sample, and a value that only grows is not there yet.
        return Measurements.OnlyGrows(measure) || (Measurements.IsShare(measure) && measured.Sample < criterion.MinimumSample)
            ? CriterionState.Open
            : CriterionState.Unmet;
    }
}
