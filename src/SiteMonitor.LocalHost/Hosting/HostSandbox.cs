using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The sandbox of a host, with its state kept between processes.</summary>
internal sealed class HostSandbox : IAsyncDisposable
{
    private const string DirectoryName = "sandbox";
    private const string DatabaseName = "sandbox.db";
    private const string FlagsName = "flags.json";

    private readonly TimeSpan _clockOffsetAtStart;

    private HostSandbox(
        SandboxSession session, ImportFile? import, SandboxServer server, SimulatedClock clock,
        IReadOnlyDictionary<string, string?> settings) =>
        (Session, _clockOffsetAtStart, Import, Server, Clock, Settings) = (session, session.ClockOffset, import, server, clock, settings);

    public SandboxSession Session { get; }

    /// <summary>The file that filled the sandbox; null for the built-in findings.</summary>
    public ImportFile? Import { get; }

    public SandboxServer Server { get; }

    /// <summary>Opens the import's issues at their original intervals; null when they are there from the start.</summary>
    public ArrivalReplay? Arrivals { get; private set; }

    public SimulatedClock Clock { get; }

    /// <summary>Directory of this sandbox run, including the host's databases.</summary>
    public DataDirectory Directory => Session.Directory;

    public IReadOnlyDictionary<string, string?> Settings { get; }

    public string FlagsPath => Directory.PathOf(FlagsName);

    public static async Task<HostSandbox> StartAsync(
        DataDirectory data, HostArguments arguments, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ImportFile? import = arguments.Import is { } path
            ? await ImportFile.ReadAsync(path, arguments.ReplaysArrivals, cancellationToken)
            : null;
        SandboxSession session =
            SandboxSession.Open(data.Sub(DirectoryName), arguments.Fresh, arguments.Phase, import, now, arguments.ReplaysArrivals);
        import ??= session.IsImported
            ? await ImportFile.ReadCopyAsync(session.Directory, session.ReplaysArrivals, cancellationToken)
            : null;
        session.Directory.Protect(DatabaseName);
        SimulatedClock clock = new(now + session.ClockOffset);
        SandboxOptions options = new()
        {
            DatabasePath = session.Directory.PathOf(DatabaseName),
            WebhookSecret = session.WebhookSecret,
            RealLimits = arguments.RealLimits,
            Import = session.ReplaysArrivals ? import?.Issues.WithoutIssues() : import?.Issues,
            Time = clock,
            LimitTime = clock,
        };
        SandboxServer server = await SandboxServer.StartAsync(options, cancellationToken);
        double timeScale = arguments.RealLimits ? 1 : options.TimeScale;
        Dictionary<string, string?> settings = new(SandboxSettings.For(server, session.WebhookSecret, timeScale, session.Phase))
        {
            ["Rollout:Plan"] = SandboxSettings.WritePlan(session.Directory),
        };
        HostSandbox sandbox = new(session, import, server, clock, settings);
        if (session.ReplaysArrivals && import is not null)
        {
            // A process that is killed after an arrival must not go back to before it.
            sandbox.Arrivals = new ArrivalReplay(server, session.Started, clock, import.Issues.Issues, opening: sandbox.SaveClock);
        }

        return sandbox;
    }

    /// <summary>Connects the sandbox to the running host: webhooks are sent, stored ones first, and its clock can be advanced.</summary>
    public void Connect(Uri webhook, ClockAdvancer advancer)
    {
        Server.AdvanceClock = async (span, cancellationToken) =>
        {
            try
            {
                await AdvanceAsync(advancer, Clock.GetUtcNow() + span, cancellationToken);
            }
            finally
            {
                SaveClock();
            }
        };
        Server.ConnectWebhook(webhook);
        Arrivals?.OpenDue();
    }

    /// <summary>Records whether all work is done; it is not while issues are still to arrive.</summary>
    public void MarkFinished(bool finished) => Session.MarkFinished(finished && Arrivals is not { Waiting: > 0 });

    public ValueTask DisposeAsync()
    {
        Arrivals?.Dispose();
        return Server.DisposeAsync();
    }

    private void SaveClock() => Session.SetClockOffset(_clockOffsetAtStart + Clock.Advanced);

    /// <summary>Stops at each arrival, so that an issue is opened when it is due and not after a jump over it.</summary>
    private async Task AdvanceAsync(ClockAdvancer advancer, DateTimeOffset target, CancellationToken cancellationToken)
    {
        while (Arrivals?.Next is { } next && next <= target)
        {
            if (next > Clock.GetUtcNow())
            {
                await advancer.AdvanceAsync(next - Clock.GetUtcNow(), ClockAdvancer.BatchInterval, cancellationToken);
            }

            Arrivals.OpenDue();
        }

        await advancer.AdvanceAsync(
            target > Clock.GetUtcNow() ? target - Clock.GetUtcNow() : TimeSpan.Zero, ClockAdvancer.BatchInterval, cancellationToken);
    }
}
