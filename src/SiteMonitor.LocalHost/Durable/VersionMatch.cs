using Microsoft.DurableTask.Abstractions;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Says whether this host runs instances of a version.</summary>
internal static class VersionMatch
{
    /// <summary>Null when it does.</summary>
    public static Failure? Mismatch(DurableEngineOptions options, string version) => options.VersionMatchStrategy switch
    {
        VersionMatchStrategy.Strict when !string.Equals(version, options.DefaultVersion, StringComparison.OrdinalIgnoreCase) =>
            Because($"The orchestration version '{version}' does not match the worker version '{options.DefaultVersion}'."),
        VersionMatchStrategy.CurrentOrOlder when TaskOrchestrationVersioningUtils.CompareVersions(version, options.DefaultVersion) > 0 =>
            Because($"The orchestration version '{version}' is greater than the worker version '{options.DefaultVersion}'."),
        _ => null,
    };

    private static Failure Because(string reason) => new("VersionMismatch", reason, null, null);
}
