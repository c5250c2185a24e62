using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Has the services; says at its start why it cannot run.</summary>
internal sealed class HostThatCannotRun(IHost inner) : IHost
{
    public IServiceProvider Services => inner.Services;

    public Task StartAsync(CancellationToken cancellationToken = default) => throw new PlatformNotSupportedException(
        "This build uses polyfills in place of the Azure Functions packages, so it cannot run under the Functions host. "
        + "Run `dotnet dev.cs run` (LocalHost runs the same functions), or build with a NuGet feed that has the packages (polyfills/README.md).");

    public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
