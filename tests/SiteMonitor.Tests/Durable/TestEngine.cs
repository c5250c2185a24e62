using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.LocalHost.Durable;

namespace SiteMonitor.Tests.Durable;

/// <summary>The real engine on a database of its own, to be stopped and started again as a host would be.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sitemonitor-durable-").FullName;
    private readonly List<Action<IDurableTaskRegistry>> _functions = [];
    private readonly TimeProvider _clock;
    private ServiceProvider? _services;

    public TestEngine(TimeProvider? clock = null) => _clock = clock ?? TimeProvider.System;

    public string DatabasePath => Path.Combine(_folder, "durable.db");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Action<DurableEngineOptions> Configure { get; set; } = _ => { };

    public ILoggerProvider? Logs { get; init; }

    public DurableEngine Engine => _services!.GetRequiredService<DurableEngine>();

    public DurableTaskClient Client => _services!.GetRequiredService<DurableTaskClient>();

    public TestEngine Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        _functions.Add(r => r.AddOrchestrator(name, async context => await run(context)));
        return this;
    }

    public TestEngine Orchestrator(string name, Func<TaskOrchestrationContext, Task> run)
    {
        _functions.Add(r => r.AddOrchestrator(name, async context =>
        {
            await run(context);
            return null;
        }));
        return this;
    }

    public TestEngine Activity<TInput, TResult>(string name, Func<TInput, CancellationToken, Task<TResult>> run)
    {
        _functions.Add(r => r.AddActivity(name, async (call, stop) => await run((TInput)call.GetInput(typeof(TInput))!, stop), typeof(TInput)));
        return this;
    }

    public TestEngine Activity<TInput, TResult>(string name, Func<TInput, TResult> run) =>
        Activity<TInput, TResult>(name, (input, _) => Task.FromResult(run(input)));

    /// <summary>Forgets the functions, as a deployment of other code does.</summary>
    public void ForgetFunctions() => _functions.Clear();

    public async Task<TestEngine> StartAsync()
    {
        ServiceCollection services = new();
        services.AddSingleton(_clock);
        services.AddDurableEngine(options =>
        {
            options.DatabasePath = DatabasePath;
            Configure(options);
        });
        if (Logs is not null)
        {
            services.AddLogging(logging => logging.AddProvider(Logs));
        }

        _services = services.BuildServiceProvider();
        IDurableTaskRegistry registry = _services.GetRequiredService<IDurableTaskRegistry>();
        _functions.ForEach(f => f(registry));
        await Engine.StartAsync(CancellationToken.None);
        return this;
    }

    public async Task StopAsync()
    {
        if (_services is { } services)
        {
            await Engine.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
            _services = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task<string> BeginAsync(string name, object? input = null, string? id = null) => BeginAsync(name, input, new StartOrchestrationOptions(id));

    public Task<string> BeginAsync(string name, object? input, StartOrchestrationOptions options) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Stop);

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload, Stop);

    public Task SuspendAsync(string id) => Client.SuspendInstanceAsync(id, Stop);

    public Task ResumeAsync(string id) => Client.ResumeInstanceAsync(id, Stop);

    public Task TerminateAsync(string id, object? output = null) => Client.TerminateInstanceAsync(id, output, Stop);

    /// <summary>Starts an instance and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) => await EndAsync(await BeginAsync(name, input, id));

    public Task<OrchestrationMetadata> EndAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);

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

    /// <summary>Waits until nothing is to be done but for timers in the future.</summary>
    public Task IdleAsync() => Engine.WhenIdleAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
