using System.Net;
using System.Net.Sockets;

namespace SiteMonitor.Sandbox;

/// <summary>Asks the system for a free loopback port. The address has to be known before the first answer is written: answers and webhooks carry it.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Leaves signals to the process that hosts the sandbox.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
