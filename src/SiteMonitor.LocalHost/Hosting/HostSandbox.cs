using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The sandbox of a host, with its state kept between processes.</summary>
internal sealed class HostSandbox : IAsyncDisposable
{
    private const string DirectoryName = "sandbox";
    private const string DatabaseName = "sandbox.db";
    private const string FlagsName = "flags.json";

    private HostSandbox(SandboxSession session, SandboxServer server, IReadOnlyDictionary<string, string?> settings) =>
        (Session, Server, Settings) = (session, server, settings);

    public SandboxSession Session { get; }

    public SandboxServer Server { get; }

    /// <summary>Directory of this sandbox run, including the host's databases.</summary>
    public DataDirectory Directory => Session.Directory;

    public IReadOnlyDictionary<string, string?> Settings { get; }

    public string FlagsPath => Directory.PathOf(FlagsName);

    public static async Task<HostSandbox> StartAsync(
        DataDirectory data, HostArguments arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        SandboxSession session = SandboxSession.Open(data.Sub(DirectoryName), arguments.Fresh, time.GetUtcNow());
        SandboxOptions options = new()
        {
            DatabasePath = session.Directory.PathOf(DatabaseName),
            WebhookSecret = session.WebhookSecret,
            RealLimits = arguments.RealLimits,
            Time = time,
        };
        SandboxServer server = await SandboxServer.StartAsync(options, cancellationToken);
        return new HostSandbox(
            session, server, SandboxSettings.For(server, session.WebhookSecret, arguments.RealLimits ? 1 : options.TimeScale));
    }

    /// <summary>Sends webhooks to this address from now on, stored ones first.</summary>
    public void Connect(Uri webhook) => Server.ConnectWebhook(webhook);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
