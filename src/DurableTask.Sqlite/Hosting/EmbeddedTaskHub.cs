using DurableTask.Core;
using DurableTask.Core.Settings;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DurableTask.Sqlite.Hosting;

/// <summary>
/// Runs orchestrations in this process: the framework's <see cref="TaskHubWorker"/> over a <see cref="SqliteOrchestrationService"/>,
/// with orchestrators and activities written for <c>Microsoft.DurableTask</c>.
/// </summary>
public sealed class EmbeddedTaskHub : IHostedService, IDisposable
{
    private readonly TaskHubFunctions _functions;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenSource _stopping = new();
    private SqliteOrchestrationService? _service;
    private TaskHubWorker? _worker;

    public EmbeddedTaskHub(
        IOptions<EmbeddedTaskHubOptions> options, TaskHubFunctions functions, TimeProvider clock, ILoggerFactory? loggers = null) =>
        (Options, _functions, _clock, _loggers) = (options.Value, functions, clock, loggers ?? NullLoggerFactory.Instance);

    public EmbeddedTaskHubOptions Options { get; }

    /// <summary>The running provider; null before the start and after the stop.</summary>
    public SqliteOrchestrationService? Service => _service;

    /// <summary>Why orchestrations do not go on; null while they do.</summary>
    public string? Problem => _service is { } service ? service.Problem : "The durable task hub is not running.";

    /// <inheritdoc cref="SqliteOrchestrationService.UnfinishedInstances"/>
    public int UnfinishedInstances => _service?.UnfinishedInstances ?? 0;

    /// <inheritdoc cref="SqliteOrchestrationService.IsIdle"/>
    public bool IsIdle => _service?.IsIdle ?? true;

    /// <inheritdoc cref="SqliteOrchestrationService.NextTimer"/>
    public DateTimeOffset? NextTimer => _service?.NextTimer;

    /// <inheritdoc cref="SqliteOrchestrationService.WhenIdleAsync"/>
    public Task WhenIdleAsync(CancellationToken cancellation) => _service?.WhenIdleAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Opens the database and goes on with what is unfinished. Throws what <see cref="SqliteOrchestrationService"/> throws.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SqliteOrchestrationService service = new(Options, _clock, _loggers.CreateLogger<SqliteOrchestrationService>());
        try
        {
            _worker = CreateWorker(service);
            await _worker.StartAsync();
            _service = service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Lets running activities end, keeps the results they have, writes what is queued, and tells everybody who waits.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_service is { } service && _worker is { } worker)
        {
            await _stopping.CancelAsync();
            await service.DrainAsync(Options.StopTimeout);

            // Forced, because the drain has waited for the work already, and the dispatchers would look for theirs once a second.
            await worker.StopAsync(isForced: true);
            Dispose();
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _service, null)?.Dispose();

    private TaskHubWorker CreateWorker(SqliteOrchestrationService service)
    {
        DurableTaskWorkerOptions options = new()
        {
            DataConverter = Options.DataConverter,
            MaximumTimerInterval = TimeSpan.MaxValue,
            Versioning = new DurableTaskWorkerOptions.VersioningOptions { DefaultVersion = Options.DefaultVersion },
        };
        VersioningSettings versioning = new()
        {
            Version = Options.DefaultVersion,
            MatchStrategy = Options.VersionMatchStrategy,
            FailureStrategy = Options.VersionFailureStrategy,
        };
        TaskHubWorker worker = new(service, versioning, _loggers) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        worker.AddOrchestrationDispatcherMiddleware(SqliteOrchestrationService.SetTurnTimeAsync);
        worker.AddOrchestrationDispatcherMiddleware(new OrchestratorRunner(_functions, options, _loggers).RunAsync);
        worker.AddActivityDispatcherMiddleware(
            new ActivityRunner(_functions, Options, new DurableTaskShimFactory(options, _loggers), _stopping.Token).RunAsync);
        return worker;
    }
}
