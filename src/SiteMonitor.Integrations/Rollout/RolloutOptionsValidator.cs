using Microsoft.Extensions.Options;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Refuses to start with a plan that is not valid.</summary>
internal sealed class RolloutOptionsValidator : IValidateOptions<RolloutOptions>
{
    public ValidateOptionsResult Validate(string? name, RolloutOptions options) =>
        PlanSource.Load(options) is { Problems: { Count: > 0 } problems } ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
