using DurableTask.Sqlite.Hosting;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite.Tests;

/// <summary>A task hub on a database of its own that can be stopped and started again as a host would be.</summary>
internal sealed class TestHub(TimeProvider? clock = null) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("taskhub-").FullName;
    private ServiceProvider? _services;

    public string DatabasePath => Path.Combine(_folder, "taskhub.db");

    public Action<EmbeddedTaskHubOptions> Configure { get; set; } = _ => { };

    public ILoggerProvider? Logs { get; init; }

    public List<Action<TaskHubFunctions>> Functions { get; init; } = [];

    public EmbeddedTaskHub Hub => _services!.GetRequiredService<EmbeddedTaskHub>();

    public DurableTaskClient Client => _services!.GetRequiredService<DurableTaskClient>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TestHub Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        Functions.Add(f => f.AddOrchestrator(name, async context => await run(context)));
        return this;
    }

    public TestHub Orchestrator(string name, Func<TaskOrchestrationContext, Task> run)
    {
        Functions.Add(f => f.AddOrchestrator(name, async context =>
        {
            await run(context);
            return null;
        }));
        return this;
    }

    public TestHub Activity<TInput, TResult>(string name, Func<TInput, CancellationToken, Task<TResult>> run)
    {
        Functions.Add(f => f.AddActivity(name, typeof(TInput), async (_, input, stop) => await run((TInput)input!, stop)));
        return this;
    }

    public TestHub Activity<TInput, TResult>(string name, Func<TInput, TResult> run) =>
        Activity<TInput, TResult>(name, (input, _) => Task.FromResult(run(input)));

    /// <summary>Forgets the functions, as a deployment of other code does.</summary>
    public void ForgetFunctions() => Functions.Clear();

    public async Task<TestHub> StartAsync()
    {
        ServiceCollection services = new();
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddEmbeddedTaskHub(options =>
        {
            options.DatabasePath = DatabasePath;
            Configure(options);
        });
        if (Logs is not null)
        {
            services.AddLogging(logging => logging.AddProvider(Logs));
        }

        _services = services.BuildServiceProvider();
        Functions.ForEach(f => f(_services.GetRequiredService<TaskHubFunctions>()));
        await Hub.StartAsync(CancellationToken.None);
        return this;
    }

    public async Task StopAsync()
    {
        if (_services is { } services)
        {
            await Hub.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
            _services = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task<string> BeginAsync(string name, object? input = null, string? id = null) =>
        BeginAsync(name, input, new StartOrchestrationOptions(id));

    public Task<string> BeginAsync(string name, object? input, StartOrchestrationOptions options) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Stop);

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload, Stop);

    public Task SuspendAsync(string id) => Client.SuspendInstanceAsync(id, Stop);

    public Task ResumeAsync(string id) => Client.ResumeInstanceAsync(id, Stop);

    public Task TerminateAsync(string id, object? output = null) => Client.TerminateInstanceAsync(id, output, Stop);

    /// <summary>Starts an instance and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) =>
        await EndAsync(await BeginAsync(name, input, id));

    public Task<OrchestrationMetadata> EndAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Stop).WaitAsync(s_patience, Stop);

    public async Task<OrchestrationMetadata> GetAsync(string id) =>
        await Client.GetInstanceAsync(id, getInputsAndOutputs: true, Stop) ?? throw new InvalidOperationException($"No instance '{id}'.");

    public async Task<int> PurgeAsync(string id) => (await Client.PurgeInstanceAsync(id, Stop)).PurgedInstanceCount;

    public async Task<List<OrchestrationMetadata>> ListAsync(OrchestrationQuery query)
    {
        List<OrchestrationMetadata> found = [];
        await foreach (OrchestrationMetadata instance in Client.GetAllInstancesAsync(query))
        {
            found.Add(instance);
        }

        return found;
    }

    /// <summary>Waits until only timers in the future or a client can change anything.</summary>
    public Task IdleAsync() => Hub.WhenIdleAsync(Stop).WaitAsync(s_patience, Stop);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
