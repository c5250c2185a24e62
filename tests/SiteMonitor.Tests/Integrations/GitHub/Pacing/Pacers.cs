using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

internal static class Pacers
{
    /// <summary>A pacer with a store of its own.</summary>
    public static RequestPacer Create(TimeProvider time, Action<GitHubOptions>? set = null) =>
        Create(time, new InMemoryPacingStateStore(time), new PacingHealth(), set);

    public static RequestPacer Create(TimeProvider time, IPacingStateStore store, PacingHealth health, Action<GitHubOptions>? set = null)
    {
        GitHubOptions options = new();
        set?.Invoke(options);
        return new RequestPacer("credential", options, new PacingServices(store, health, time, NullLogger.Instance));
    }
}
