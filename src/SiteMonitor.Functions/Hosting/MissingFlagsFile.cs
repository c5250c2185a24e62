using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Creates the file of feature flags that the settings name, where it is missing.</summary>
public static class MissingFlagsFile
{
    /// <summary>Creates the file with the flags of a phase, unless it exists or the flags are kept elsewhere.</summary>
    /// <param name="services">Provides the settings and the plan.</param>
    /// <param name="phase">Name of the phase; null for the plan's first, <c>development</c>.</param>
    /// <returns>Why the file could not be created; null otherwise.</returns>
    public static async Task<string?> CreateAsync(IServiceProvider services, string? phase, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IConfiguration>()["FeatureFlags:File"] is not { Length: > 0 } path || File.Exists(path))
        {
            return null;
        }

        RolloutPlan plan = services.GetRequiredService<RolloutPlan>();
        if ((string.IsNullOrEmpty(phase) ? plan.Phases[0] : plan.Find(phase)) is not { } row)
        {
            return $"The rollout plan has no phase '{phase}'. Its phases are {string.Join(", ", plan.Phases.Select(p => p.Name))}.";
        }

        try
        {
            // All flags at once: of a file that a killed process left unfinished, the missing flags would be off for good.
            await PrivateFile.CreateAsync(path, PhaseFlagFile.Text(row), cancellationToken);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path}: the file cannot be written ({e.Message.TrimEnd('.')}).";
        }
    }
}
