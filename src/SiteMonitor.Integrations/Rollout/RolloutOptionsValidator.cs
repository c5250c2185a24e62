using Microsoft.Extensions.Options;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Refuses to start with a plan, or rules for accepted differences, that are not valid.</summary>
internal sealed class RolloutOptionsValidator : IValidateOptions<RolloutOptions>
{
    public ValidateOptionsResult Validate(string? name, RolloutOptions options)
    {
        string[] problems =
        [
            .. PlanSource.Load(options).Problems,
            .. AcceptedDifferencesSource.Load(options).Problems.Select(p => $"{RolloutOptions.Section}:{nameof(options.AcceptedDifferences)}: {p}"),
        ];
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
