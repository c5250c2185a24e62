using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Functions.Orchestrations;
using SiteMonitor.LocalHost.Functions.Timers;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>The host in this process on simulated time, so that hours of limits and timers pass at once.</summary>
internal sealed class SimulatedTimeHost : ICampaignHost
{
    private const int BatchHours = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How far the clock advances at once while the timer's function waits for a limit.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>Real time after which a function that has not ended is taken to wait.</summary>
    private static readonly TimeSpan StepAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait, on real time, for something that takes milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<string> AppKey = new(CreateAppKey);

    /// <summary>How tokens of App installations begin.</summary>
    private const string InstallationToken = "ghs_";
    private const string PrivateKey = "PRIVATE KEY";

    private readonly string _folder;
    private readonly ScenarioHost _host;
    private readonly RecordedRuns _runs;
    private readonly LogCapture _logs;

    private SimulatedTimeHost(string folder, ScenarioHost host, RecordedRuns runs, LogCapture logs, IReadOnlyList<string> secrets) =>
        (_folder, _host, _runs, _logs, Secrets) = (folder, host, runs, logs, secrets);

    public SandboxServer Sandbox => _host.GitHub;

    public IReadOnlyList<string> Secrets { get; }

    public IReadOnlyList<string> Logs => [.. _logs.Lines];

    public IReadOnlyList<string> Databases => DatabaseFiles.Find(_folder);

    public int Kills => 0;

    public static async Task<SimulatedTimeHost> StartAsync(FaultSchedule schedule, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("sitemonitor-faults-").FullName;
        (string functionKey, string masterKey) = ($"function-{Guid.NewGuid():n}", $"master-{Guid.NewGuid():n}");
        string webhookSecret = $"webhook-{Guid.NewGuid():n}";
        SandboxCredentials credentials = new();
        RecordedRuns runs = new();
        LogCapture logs = new();
        Dictionary<string, string?> settings = new()
        {
            ["AzureOpenAI:MaxRetries"] = "0",
            ["GitHub:RequestTimeout"] = "00:01:00",

            // A request that waits in the queue waits on real time, because the clock only advances while nothing is at work.
            ["GitHub:MaxQueueWait"] = "00:00:01",
        };
        if (schedule.UsesApp)
        {
            settings["GitHub:Token"] = string.Empty;
            settings["GitHub:AppId"] = credentials.AppId.ToString(CultureInfo.InvariantCulture);
            settings["GitHub:InstallationId"] = credentials.InstallationId.ToString(CultureInfo.InvariantCulture);
            settings["GitHub:PrivateKey"] = AppKey.Value;
        }

        ScenarioSetup setup = new()
        {
            Settings = settings,
            Sandbox = (clock, options) =>
            {
                SkewedClock time = new(clock, schedule.ClockSkew);
                return options with
                {
                    Time = time,
                    LimitTime = time,
                    WebhookSecret = webhookSecret,
                    FaultSeed = schedule.Seed,
                    Credentials = credentials,
                    Latency = new SandboxLatency { GitHub = TimeSpan.Zero, Model = TimeSpan.Zero },
                };
            },
            // Limits, time-outs and tokens are on simulated time too, or a run would try again and again until real time has passed.
            Services = services => services
                .AddSingleton(provider => new GitHubClocks(
                    provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<IPacingStateStore>(provider => new SqlitePacingStateStore(
                    provider.GetRequiredService<LocalDatabase>(), provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<IActivityObserver>(runs)
                .AddLogging(logging => logging.AddProvider(logs)),
        };
        try
        {
            ScenarioHost host = await ScenarioHost.StartAsync(
                Path.Combine(folder, "data"), AppContext.BaseDirectory, "full", cancellationToken, new FunctionKeys(functionKey, masterKey),
                plan: BenchmarkPlan.Write(folder), setup: setup);
            await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
            return new SimulatedTimeHost(folder, host, runs, logs,
            [
                functionKey, masterKey, webhookSecret,
                credentials.Token, credentials.CopilotToken, credentials.ModelApiKey, InstallationToken, PrivateKey,
            ]);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> FindUnrecordedRunsAsync(CancellationToken cancellationToken)
    {
        ILookup<string, string> recorded = (await RecordsAsync(cancellationToken))
            .Where(r => r is { Kind: RunKind.Run, ReasonCode: not "delivery-not-started" })
            .ToLookup(r => IssueRef.Parse(r.Issue).InstanceId, r => r.RunId);
        return
        [
            .. from instance in _runs.Instances
               let ended = _runs.CountEnded(instance)
               where ended != recorded[instance].Count() || !_runs.HasEnded(instance)
               select $"{instance}: {ended} runs wrote their record, {recorded[instance].Count()} records are in the ledger"
                   + (_runs.HasEnded(instance) ? "" : ", and the last run ended without one"),
        ];
    }

    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await _host.RunUntilIdleAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"Not idle after {Patience.TotalMinutes:0} minutes:\n{string.Join('\n', FindUnsuccessfulInstances())}");
        }
    }

    public async Task AdvanceAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        await _host.AdvanceAsync(span, cancellationToken);
        await SettleAsync(cancellationToken);
    }

    public async Task RunBatchAsync(CancellationToken cancellationToken)
    {
        DateTime now = _host.Clock.GetUtcNow().UtcDateTime;
        DateTime due = now.Date.AddHours(((now.Hour / BatchHours) + 1) * BatchHours);
        await AdvanceAsync(due - now, cancellationToken);
        await SettleAsync(cancellationToken);
        long started = TimeProvider.System.GetTimestamp();
        long stepped = started;
        while (!await HasEndedAsync(due, cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"The timer of {due:u} has not ended.");
            }

            // The listing may wait for a limit, which no durable timer shows.
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            if (TimeProvider.System.GetElapsedTime(stepped) > StepAfter)
            {
                await SettleAsync(cancellationToken);
                _host.Clock.Advance(Step);
                stepped = TimeProvider.System.GetTimestamp();
            }
        }

        await SettleAsync(cancellationToken);
    }

    private async Task<bool> HasEndedAsync(DateTime due, CancellationToken cancellationToken) =>
        await _host.Services.GetRequiredService<ITimerStatusStore>().FindAsync(nameof(FourHourlyBatch), cancellationToken)
            is { Last: not null } status && status.LastUpdated >= due;

    public Task RollBackAsync(CancellationToken cancellationToken) => _host.OperateAsync(
        "rollout/rollback", new OperatorRequest { Operator = "campaign", Reason = "rehearsed" }, cancellationToken);

    public Task KillAsync(TimeSpan after, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<RunRecord>> RecordsAsync(CancellationToken cancellationToken) =>
        await _host.Services.GetRequiredService<IRunLedger>().QueryAsync(new LedgerQuery(), cancellationToken)
            .ToArrayAsync(cancellationToken);

    public async Task<RollbackState?> FindRollbackAsync(CancellationToken cancellationToken) =>
        (await _host.Services.GetRequiredService<IRolloutStore>().ReadAsync(cancellationToken))?.State.RolledBack;

    public IReadOnlyList<string> FindUnsuccessfulInstances() =>
        [.. StoredInstance.Read(Path.Combine(_folder, "data", "durable.db")).Where(i => !i.HasSucceeded).Select(i => i.ToString())];

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string CreateAppKey()
    {
        using RSA key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    }

    /// <summary>Counts the runs of each issue by the activity that writes their record, which is the last of each run.</summary>
    private sealed class RecordedRuns : IActivityObserver
    {
        private const string Last = "RecordRun";
        private static readonly string Prefix = IssueRef.Parse($"{SeedCatalogue.Repository}#1").InstanceId[..^1];
        private readonly ConcurrentDictionary<string, (string Activity, int Ended)> _instances = new();

        public IEnumerable<string> Instances => _instances.Keys;

        public int CountEnded(string instance) => _instances[instance].Ended;

        public bool HasEnded(string instance) => _instances[instance].Activity == Last;

        public void Starting(string instanceId, string activity)
        {
            if (instanceId.StartsWith(Prefix, StringComparison.Ordinal))
            {
                // A record that is written again after a failure is the same run's.
                _instances.AddOrUpdate(
                    instanceId,
                    _ => (activity, activity == Last ? 1 : 0),
                    (_, known) => (activity, known.Ended + (activity == Last && known.Activity != Last ? 1 : 0)));
            }
        }
    }

    private sealed class LogCapture : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(Lines);

        public void Dispose()
        {
        }

        private sealed class Logger(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
