using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>
/// Runs orchestrations on an embedded SQLite file, as Durable Functions does on Azure Storage: every step is on disk before it counts, and whatever ends the process, the next start goes on.
/// Functions are registered with <see cref="IDurableTaskRegistry"/> before the host starts.
/// </summary>
public sealed partial class DurableEngine : IHostedService, IDisposable
{
    private readonly DurableEngineOptions _options;
    private readonly DurableTaskFunctions _functions;
    private readonly DurableMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<DurableEngine> _logger;
    private readonly Channel<InstanceChange> _changes = Channel.CreateUnbounded<InstanceChange>(new UnboundedChannelOptions { SingleReader = true });
    private EngineCore? _core;
    private Retention? _retention;
    private Task _telling = Task.CompletedTask;

    internal DurableEngine(IOptions<DurableEngineOptions> options, DurableTaskFunctions functions, DurableMetrics metrics, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options.Value;
        _functions = functions;
        _metrics = metrics;
        _clock = clock;
        _loggers = loggers;
        _logger = loggers.CreateLogger<DurableEngine>();
    }

    /// <summary>An instance has got another status, and it is on disk. Told in order, on a thread of its own; a slow listener holds nothing up.</summary>
    public event Action<InstanceChange>? InstanceChanged;

    /// <summary>Nothing can be done now: only timers in the future and events from outside can set anything off. A simulated clock may be advanced.</summary>
    public bool IsIdle => _core is not { } core || (core.Busy.IsIdle && !core.Timers.IsDue);

    /// <summary>When the earliest durable timer or delayed start is due; null without any.</summary>
    public DateTimeOffset? NextTimer => _core?.Timers.Next is { } next ? new DateTimeOffset(next) : null;

    public EngineHealth Health => _core is { } core
        ? new EngineHealth(core.Writer.Problem, core.InstanceCount, core.Live.Count)
        : new EngineHealth("The durable engine is not running.", 0, 0);

    /// <exception cref="Grpc.Core.RpcException">The engine is not running.</exception>
    internal EngineCore Core => _core ?? throw Refusals.Stopped();

    internal DurableEngineOptions Options => _options;

    /// <summary>Completes when <see cref="IsIdle"/> is true.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellation)
    {
        while (!IsIdle)
        {
            await Core.Busy.WhenIdleAsync(cancellation);
            if (Core.Busy.IsIdle && Core.Timers.IsDue)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="Storage.DatabaseInUseException">Another host has the database.</exception>
    /// <exception cref="Storage.SchemaException">The database is another program's, or a newer version's.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        EngineCore core = new(_options, _clock, _functions, _metrics, _loggers, Tell);
        int unfinished;
        try
        {
            unfinished = core.Start();
        }
        catch
        {
            core.Dispose();
            throw;
        }

        _core = core;
        _retention = _options.Retention is { } age ? new Retention(core, age) : null;
        _telling = TellAsync();
        LogStarted(Path.GetFullPath(_options.DatabasePath), unfinished);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_core is { } core)
        {
            _retention?.Dispose();
            await core.StopAsync(cancellationToken);
            _changes.Writer.TryComplete();
            await _telling.WaitAsync(_options.StopTimeout, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Dispose();
        }
    }

    public void Dispose()
    {
        _retention?.Dispose();
        _changes.Writer.TryComplete();
        Interlocked.Exchange(ref _core, null)?.Dispose();
    }

    private void Tell(InstanceChange change)
    {
        if (InstanceChanged is not null)
        {
            _changes.Writer.TryWrite(change);
        }
    }

    private async Task TellAsync()
    {
        await foreach (InstanceChange change in _changes.Reader.ReadAllAsync())
        {
            try
            {
                InstanceChanged?.Invoke(change);
            }
#pragma warning disable CA1031 // A listener's fault is no reason to stop telling the others.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogListenerFailed(failure, change.InstanceId);
            }
        }
    }

    [LoggerMessage(131, LogLevel.Information, "The durable engine runs on '{Path}'; {Unfinished} unfinished instances go on.")]
    private partial void LogStarted(string path, int unfinished);

    [LoggerMessage(132, LogLevel.Warning, "A listener failed on the change of instance '{InstanceId}'.")]
    private partial void LogListenerFailed(Exception failure, string instanceId);
}
