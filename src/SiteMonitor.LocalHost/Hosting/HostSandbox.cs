using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The sandbox of a host, with its state kept between processes.</summary>
internal sealed class HostSandbox : IAsyncDisposable
{
    private const string DirectoryName = "sandbox";
    private const string DatabaseName = "sandbox.db";
    private const string FlagsName = "flags.json";

    private HostSandbox(
        SandboxSession session, ImportFile? import, SandboxServer server, SimulatedClock clock,
        IReadOnlyDictionary<string, string?> settings) =>
        (Session, Import, Server, Clock, Settings) = (session, import, server, clock, settings);

    public SandboxSession Session { get; }

    /// <summary>The file that filled the sandbox; null for the built-in findings.</summary>
    public ImportFile? Import { get; }

    public SandboxServer Server { get; }

    public SimulatedClock Clock { get; }

    /// <summary>Directory of this sandbox run, including the host's databases.</summary>
    public DataDirectory Directory => Session.Directory;

    public IReadOnlyDictionary<string, string?> Settings { get; }

    public string FlagsPath => Directory.PathOf(FlagsName);

    public static async Task<HostSandbox> StartAsync(
        DataDirectory data, HostArguments arguments, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ImportFile? import = arguments.Import is { } path ? await ImportFile.ReadAsync(path, cancellationToken) : null;
        SandboxSession session = SandboxSession.Open(data.Sub(DirectoryName), arguments.Fresh, arguments.Phase, import, now);
        import ??= session.IsImported ? await ImportFile.ReadCopyAsync(session.Directory, cancellationToken) : null;
        session.Directory.Protect(DatabaseName);
        SimulatedClock clock = new(now + session.ClockOffset);
        SandboxOptions options = new()
        {
            DatabasePath = session.Directory.PathOf(DatabaseName),
            WebhookSecret = session.WebhookSecret,
            RealLimits = arguments.RealLimits,
            Import = import?.Issues,
            Time = clock,
            LimitTime = clock,
        };
        SandboxServer server = await SandboxServer.StartAsync(options, cancellationToken);
        double timeScale = arguments.RealLimits ? 1 : options.TimeScale;
        Dictionary<string, string?> settings = new(SandboxSettings.For(server, session.WebhookSecret, timeScale, session.Phase))
        {
            ["Rollout:Plan"] = SandboxSettings.WritePlan(session.Directory),
        };
        return new HostSandbox(session, import, server, clock, settings);
    }

    /// <summary>Connects the sandbox to the running host: webhooks are sent, stored ones first, and its clock can be advanced.</summary>
    public void Connect(Uri webhook, ClockAdvancer advancer)
    {
        TimeSpan earlier = Session.ClockOffset;
        Server.AdvanceClock = async (span, cancellationToken) =>
        {
            try
            {
                await advancer.AdvanceAsync(span, ClockAdvancer.BatchInterval, cancellationToken);
            }
            finally
            {
                Session.SetClockOffset(earlier + Clock.Advanced);
            }
        };
        Server.ConnectWebhook(webhook);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
