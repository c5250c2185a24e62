using SiteMonitor.LocalHost.Sandbox;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>Sandboxes as tests want them: in memory, without latency.</summary>
internal static class TestSandbox
{
    public static SandboxOptions Options { get; } = new() { Latency = new SandboxLatency { GitHub = TimeSpan.Zero, Model = TimeSpan.Zero } };

    public static Task<SandboxServer> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null) =>
        SandboxServer.StartAsync(change?.Invoke(Options) ?? Options, TestContext.Current.CancellationToken);
}
