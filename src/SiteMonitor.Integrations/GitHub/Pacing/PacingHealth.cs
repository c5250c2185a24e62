using System.Collections.Concurrent;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Reports the credentials whose shared pacing record cannot be read and saved.</summary>
public sealed class PacingHealth
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>What happened and what to do; null while all is well.</summary>
    public string? Problem => _problems.IsEmpty ? null : string.Join(' ', _problems.Values.Order(StringComparer.Ordinal));

    internal void Report(string credential, int maxInstances) => _problems[credential] =
        $"The shared pacing record of {credential} cannot be read and saved, so each process uses 1/{maxInstances} (GitHub:MaxInstances) "
        + "of GitHub's limits. Check the storage account and the identity's role on it; the app retries by itself.";

    internal void Clear(string credential) => _problems.TryRemove(credential, out _);
}
