using System.Diagnostics.CodeAnalysis;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Core.Forecast;

/// <summary>
/// Response to the dry run of an advance: the plan, what it means for existing issues, and the forecast of the next gate.
/// </summary>
public sealed record AdvancePlan : OperationResult
{
    [SetsRequiredMembers]
    public AdvancePlan(OperationResult plan, BlastRadius radius, RolloutForecast forecast)
        : base(plan)
    {
        (BlastRadius, Forecast) = (radius, forecast);
        Lines = [.. plan.Lines, .. radius.Describe(), .. Describe(forecast)];
    }

    public BlastRadius BlastRadius { get; }

    /// <summary>The gate of the next phase, as if it began now.</summary>
    public RolloutForecast Forecast { get; }

    private static IEnumerable<string> Describe(RolloutForecast forecast)
    {
        CriterionForecast[] open = [.. forecast.Gate.Where(c => c.State != CriterionState.Met)];
        DateTimeOffset? measured = open.Max(c => c.At);
        string[] people = [.. open.Where(c => c is { At: null, Never: false }).Select(c => c.Id)];
        yield return FormattableString.Invariant($"The gate of '{forecast.Phase}' at {forecast.Traffic.Issues:0.#} issues and ")
            + FormattableString.Invariant($"{forecast.Traffic.UnifiedRuns:0.#} unified runs a day ({forecast.Traffic.Basis}): ")
            +
            (measured is { } at ? FormattableString.Invariant($"what is measured is met on {at:yyyy-MM-dd HH:mm}") : "nothing to wait for")
            + (people.Length > 0 ? $"; people then confirm or settle {string.Join(", ", people)}." : ".");
        foreach (string never in forecast.Never)
        {
            yield return $"Never: {never}";
        }
    }
}
