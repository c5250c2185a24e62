using System.Collections.Concurrent;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Reports the credentials whose shared pacing record cannot be read.</summary>
public sealed class PacingHealth
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>What happened and what to do; null while all is well.</summary>
    public string? Problem => _problems.IsEmpty ? null : string.Join(' ', _problems.Values.Order(StringComparer.Ordinal));

    internal void Report(string credential, string problem) => _problems[credential] = problem;

    internal void Clear(string credential) => _problems.TryRemove(credential, out _);
}
