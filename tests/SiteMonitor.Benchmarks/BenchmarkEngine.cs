using DurableTask.Sqlite.Hosting;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace SiteMonitor.Benchmarks;

/// <summary>An engine on a temporary database, with the orchestrations of the benchmarks.</summary>
internal sealed class BenchmarkEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;
    private readonly bool _owned;

    private BenchmarkEngine(ServiceProvider services, string folder, bool owned) =>
        (_services, _folder, _owned) = (services, folder, owned);

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    public EmbeddedTaskHub Hub => _services.GetRequiredService<EmbeddedTaskHub>();

    /// <param name="folder">Directory of the database; null creates one and deletes it at the end.</param>
    public static async Task<BenchmarkEngine> StartAsync(
        BenchmarkOptions options, string? folder = null, Action<TaskHubFunctions>? register = null,
        Action<EmbeddedTaskHubOptions>? configure = null)
    {
        string place = folder ?? Directory.CreateTempSubdirectory("sitemonitor-bench-").FullName;
        ServiceCollection services = new();
        services.AddEmbeddedTaskHub(engine =>
        {
            engine.DatabasePath = Path.Combine(place, "durable.db");
            engine.Durability = options.Durability;
            configure?.Invoke(engine);
        });
        BenchmarkEngine started = new(services.BuildServiceProvider(), place, owned: folder is null);
        (register ?? Register)(started._services.GetRequiredService<TaskHubFunctions>());
        await started.Hub.StartAsync(CancellationToken.None);
        return started;
    }

    /// <summary>Returns the size of the database after stopping, which checkpoints the write-ahead log.</summary>
    public async Task<long> StopAndMeasureAsync()
    {
        await Hub.StopAsync(CancellationToken.None);
        return new DirectoryInfo(_folder).EnumerateFiles("durable.db*").Sum(f => f.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        if (_owned)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static void Register(TaskHubFunctions registry)
    {
        registry.AddActivity("Add", typeof(int), (_, input, _) => Task.FromResult<object?>((int)input! + 1));
        registry.AddOrchestrator("TwoActivities", async context =>
        {
            int first = await context.CallActivityAsync<int>("Add", context.GetInput<int>());
            return await context.CallActivityAsync<int>("Add", first);
        });
        registry.AddOrchestrator("FanOut", async context =>
        {
            int[] results = await Task.WhenAll(
                Enumerable.Range(0, context.GetInput<int>()).Select(n => context.CallActivityAsync<int>("Add", n)));
            return results.Length;
        });
    }
}
