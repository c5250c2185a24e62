using SiteMonitor.LocalHost.Sandbox;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>A sandbox with all seeds, for tests that only read.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    public SandboxServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await SandboxServer.StartAsync(TestSandbox.Options, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
