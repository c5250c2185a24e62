using Microsoft.Extensions.Options;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Settings <c>Rollout:*</c>.</summary>
public sealed class RolloutOptions
{
    public const string Section = "Rollout";

    /// <summary>A plan of the team's own (JSON); none: the built-in one.</summary>
    public string? Plan { get; set; }

    /// <summary>
    /// Rules of the team's own for accepted differences between old and new logic (JSON), instead of the built-in ones
    /// (<c>src/SiteMonitor.Core/Comparison/accepted-differences.json</c>: start from a copy); none: the built-in ones.
    /// </summary>
    public string? AcceptedDifferences { get; set; }

    /// <summary>The phase a new rollout begins in; none: the plan's first. For a sandbox that shows everything, <c>full</c>.</summary>
    public string? InitialPhase { get; set; }
}

/// <summary>Refuses to start with a plan, or rules for accepted differences, that are not valid.</summary>
internal sealed class RolloutOptionsValidator : IValidateOptions<RolloutOptions>
{
    public ValidateOptionsResult Validate(string? name, RolloutOptions options)
    {
        string[] problems =
        [
            .. PlanSource.Load(options).Problems,
            .. AcceptedDifferencesSource.Load(options).Problems
                .Select(p => $"{RolloutOptions.Section}:{nameof(options.AcceptedDifferences)}: {p}"),
        ];
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
