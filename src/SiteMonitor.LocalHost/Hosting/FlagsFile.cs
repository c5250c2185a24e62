using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The file with the feature flags of a host on one machine.</summary>
internal static class FlagsFile
{
    /// <summary>A sandbox shows the product as it is when the rollout is nearly done.</summary>
    public const string SandboxPhase = "full";

    /// <summary>Creates the file with the flags of a phase of the plan; one that is there stays as it is.</summary>
    /// <param name="store">Writes that file.</param>
    public static async Task CreateAsync(string path, RolloutPlan plan, string phase, IFlagStore store, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            return;
        }

        PhasePlan row = plan.Find(phase) ?? throw new StartupException($"The rollout plan has no phase '{phase}', whose flags {path} is to begin with.");
        foreach (FlagTarget target in row.Flags.Targets())
        {
            FlagWriteResult result = await store.WriteAsync(target.Flag, FlagDesign.Apply(target.Flag, null, target.Setting), etag: null, cancellationToken);
            if (result is FlagWriteResult.Unavailable(string reason))
            {
                throw new StartupException($"{path}: {reason}");
            }
        }
    }
}
