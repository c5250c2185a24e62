using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Settings <c>Rollout:…</c>.</summary>
public sealed class RolloutOptions : BoundSettings
{
    public const string Section = "Rollout";

    /// <summary>JSON file of the team's own plan; by default the built-in one applies.</summary>
    public string? Plan { get; set; }

    /// <summary>JSON file of the team's accepted differences between old and new logic; by default the built-in rules apply.</summary>
    public string? AcceptedDifferences { get; set; }

    /// <summary>Phase in which a new rollout begins; by default the plan's first.</summary>
    public string? InitialPhase { get; set; }
}

/// <summary>Validates the plan and the rules for accepted differences.</summary>
internal sealed class RolloutOptionsValidator : IValidateOptions<RolloutOptions>
{
    public ValidateOptionsResult Validate(string? name, RolloutOptions options)
    {
        string[] problems =
        [
            .. options.BindingProblems,
            .. PlanSource.Load(options).Problems,
            .. AcceptedDifferencesSource.Load(options).Problems
                .Select(p => $"{RolloutOptions.Section}:{nameof(options.AcceptedDifferences)}: {p}"),
        ];
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
