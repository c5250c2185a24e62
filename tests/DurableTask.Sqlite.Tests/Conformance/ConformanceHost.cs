using System.Reflection;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Xunit.Sdk;
using Xunit.v3;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>Which implementation of the Durable Task Framework a test runs on.</summary>
public enum HostKind
{
    /// <summary>The provider of this repository.</summary>
    Sqlite,

    /// <summary>Microsoft's in-process test host (<c>Microsoft.DurableTask.InProcessTestHost</c>).</summary>
    InProcess,
}

/// <summary>Runs a test on this provider and on Microsoft's in-process host.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnBothHostsAttribute : DataAttribute
{
    /// <summary>
    /// What Microsoft's in-process host does instead, where it differs from the Functions host; the test is skipped there.
    /// </summary>
    public string? InProcessDiffers { get; init; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<HostKind>(HostKind.Sqlite),
        new TheoryDataRow<HostKind>(HostKind.InProcess) { Skip = InProcessDiffers },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>A host of either kind with orchestrators and activities that are written once for both.</summary>
internal sealed class ConformanceHost(HostKind kind) : IAsyncDisposable
{
    private const int MaxStarts = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<Action<TaskHubFunctions>> _sqlite = [];
    private readonly List<Action<DurableTaskRegistry>> _inProcess = [];
    private TestHub? _hub;
    private DurableTaskTestHost? _testHost;

    public DurableTaskClient Client => _testHost?.Client ?? _hub!.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ConformanceHost Orchestrator<TInput, TOutput>(string name, Func<TaskOrchestrationContext, TInput?, Task<TOutput?>> run)
    {
        _sqlite.Add(f => f.AddOrchestrator(name, async context => await run(context, context.GetInput<TInput>())));
        _inProcess.Add(r => r.AddOrchestratorFunc<TInput, TOutput>(name, run!));
        return this;
    }

    public ConformanceHost AsyncActivity<TInput, TOutput>(string name, Func<TInput, Task<TOutput>> run)
    {
        _sqlite.Add(f => f.AddActivity(name, typeof(TInput), async (_, input, _) => await run((TInput)input!)));
        _inProcess.Add(r => r.AddActivityFunc<TInput, TOutput>(name, (_, input) => run(input)));
        return this;
    }

    public ConformanceHost Activity<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        AsyncActivity<TInput, TOutput>(name, input => Task.FromResult(run(input)));

    public async Task<ConformanceHost> StartAsync()
    {
        if (kind is HostKind.InProcess)
        {
            _testHost = await StartTestHostAsync();
        }
        else
        {
            _hub = await new TestHub { Functions = _sqlite }.StartAsync();
        }

        return this;
    }

    public Task<string> BeginAsync(string name, object? input = null, string? id = null) =>
        BeginAsync(name, input, new StartOrchestrationOptions(id));

    public Task<string> BeginAsync(string name, object? input, StartOrchestrationOptions options) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Stop);

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) =>
        await EndAsync(await BeginAsync(name, input, id));

    public Task<OrchestrationMetadata> EndAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Stop).WaitAsync(s_patience, Stop);

    public async Task<OrchestrationMetadata> GetAsync(string id) =>
        await Client.GetInstanceAsync(id, getInputsAndOutputs: true, Stop) ?? throw new InvalidOperationException($"No instance '{id}'.");

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload, Stop);

    /// <summary>Waits until an instance has a status, since most hosts answer a request before it has taken effect.</summary>
    public async Task ReachAsync(string id, OrchestrationRuntimeStatus status)
    {
        long started = TimeProvider.System.GetTimestamp();
        while ((await GetAsync(id)).RuntimeStatus != status)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_patience,
                $"'{id}' did not become {status}: {(await GetAsync(id)).RuntimeStatus}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        if (_testHost is not null)
        {
            await _testHost.DisposeAsync();
        }
    }

    /// <summary>Starts Microsoft's host again if the port that it picks at random, of those that connections get too, is in use.</summary>
    private async Task<DurableTaskTestHost> StartTestHostAsync()
    {
        for (int start = 1; ; start++)
        {
            try
            {
                return await DurableTaskTestHost.StartAsync(registry => _inProcess.ForEach(add => add(registry)), cancellationToken: Stop);
            }
            catch (IOException failure) when (failure.InnerException is AddressInUseException && start < MaxStarts)
            {
            }
        }
    }
}
