using SiteMonitor.Sandbox;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>A sandbox with all seeds, for tests that only read.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    public SandboxServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await SandboxServer.StartAsync(TestSandbox.Options, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Creates sandboxes in memory, without latency.</summary>
internal static class TestSandbox
{
    public static SandboxOptions Options { get; } = new()
    {
        Latency = new SandboxLatency { GitHub = TimeSpan.Zero, Model = TimeSpan.Zero },
    };

    public static Task<SandboxServer> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null) =>
        SandboxServer.StartAsync(change?.Invoke(Options) ?? Options, TestContext.Current.CancellationToken);
}
