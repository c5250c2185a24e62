using System.Collections.Concurrent;
using System.Globalization;
using DurableTask.Core.Exceptions;
using DurableTask.Sqlite.Hosting;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>
/// The child: continues existing orchestrations and keeps starting new ones, several at a time, until it is killed. Each has activities, a
/// retry, a timer, a sub-orchestration, an external event and a new generation; journals record each activity run, confirmed start and
/// event.
/// </summary>
internal static class CrashWorkload
{
    public const string Command = "crash-child";
    public const string Steps = "steps.log";
    public const string Started = "started.log";
    public const string Raised = "raised.log";
    public const string Ended = "ended.log";

    /// <summary>Last step of an orchestration. Steps are numbered in their only possible order; the third occurs twice.</summary>
    public const int LastStep = 4;

    private const int Drivers = 12;

    /// <summary>1 after the first confirmed start. Until then, and on a busy machine for long, the child has only been loading code.</summary>
    private static int s_ready;

    public static async Task<int> RunAsync(string folder, bool finish)
    {
        using Journal steps = new(Path.Combine(folder, Steps));
        using Journal started = new(Path.Combine(folder, Started));
        using Journal raised = new(Path.Combine(folder, Raised));
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(
            new BenchmarkOptions(), folder, registry => Register(registry, steps));
        await CatchUpAsync(engine, folder, raised);
        if (!finish)
        {
            int next = Journal.Read(Path.Combine(folder, Started)).Length + Environment.ProcessId;
            await Task.WhenAll(Enumerable.Range(0, Drivers).Select(d => DriveAsync(engine, started, raised, $"{next}-{d}")));
        }

        using Journal ended = new(Path.Combine(folder, Ended));
        foreach (string id in Journal.Read(Path.Combine(folder, Started)))
        {
            OrchestrationMetadata end = await engine.Client.WaitForInstanceCompletionAsync(
                id, getInputsAndOutputs: true, CancellationToken.None);
            ended.Write($"{id} {end.RuntimeStatus} {end.SerializedOutput}");
        }

        return 0;
    }

    /// <summary>
    /// Raises the events of instances whose start was confirmed but whose event was not. Some receive it twice; the second is discarded.
    /// </summary>
    private static async Task CatchUpAsync(BenchmarkEngine engine, string folder, Journal raised)
    {
        foreach (string id in Journal.Read(Path.Combine(folder, Started)).Except(Journal.Read(Path.Combine(folder, Raised))))
        {
            await RaiseAsync(engine, raised, id);
        }
    }

    private static async Task DriveAsync(BenchmarkEngine engine, Journal started, Journal raised, string prefix)
    {
        for (int n = 0; ; n++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{n}");
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Crash", 0, new StartOrchestrationOptions(id));
            started.Write(id);
            if (Interlocked.Exchange(ref s_ready, 1) == 0)
            {
                Console.WriteLine(CrashCampaign.Ready);
            }

            await RaiseAsync(engine, raised, id);
            await engine.Client.WaitForInstanceCompletionAsync(id, CancellationToken.None);
        }
    }

    private static async Task RaiseAsync(BenchmarkEngine engine, Journal raised, string id)
    {
        try
        {
            await engine.Client.RaiseEventAsync(id, "Go", "now", CancellationToken.None);
        }
        catch (Grpc.Core.RpcException finished) when (finished.StatusCode == Grpc.Core.StatusCode.FailedPrecondition)
        {
            // The event arrived before the kill, and the instance has ended meanwhile.
        }

        raised.Write(id);
    }

    private static void Register(TaskHubFunctions registry, Journal steps)
    {
        ConcurrentDictionary<string, bool> failed = new();
        registry.AddActivity(
            "Step",
            typeof(CrashStep),
            (_, input, _) =>
            {
                CrashStep step = (CrashStep)input!;
                if (step.Number == 3 && failed.TryAdd(step.Id, true))
                {
                    throw new OrchestrationException("Once more, please.");
                }

                steps.Write(string.Create(CultureInfo.InvariantCulture, $"{step.Id} {step.Number}"));
                return Task.FromResult<object?>(step.Number);
            });
        registry.AddOrchestrator("Part", async context => await context.CallActivityAsync<int>("Step", context.GetInput<CrashStep>()));
        registry.AddOrchestrator(
            "Crash", async context =>
                context.GetInput<int>() == 0 ? await FirstGenerationAsync(context) : await SecondGenerationAsync(context));
    }

    private static async Task<int> FirstGenerationAsync(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<int>("Step", new CrashStep(context.InstanceId, 0));
        await context.CreateTimer(TimeSpan.FromMilliseconds(3), CancellationToken.None);
        await context.CallSubOrchestratorAsync<int>("Part", new CrashStep(context.InstanceId, 1));
        await context.WaitForExternalEvent<string>("Go");
        await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => context.CallActivityAsync<int>("Step", new CrashStep(context.InstanceId, 2))));
        context.ContinueAsNew(1);
        return 0;
    }

    private static async Task<int> SecondGenerationAsync(TaskOrchestrationContext context)
    {
        // The step fails once in each process, so its tries are as many as there may be kills while it runs.
        TaskOptions retry = TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromMilliseconds(2)));
        await context.CallActivityAsync<int>("Step", new CrashStep(context.InstanceId, 3), retry);
        return await context.CallActivityAsync<int>("Step", new CrashStep(context.InstanceId, LastStep));
    }
}

/// <summary>An activity of the crash workload.</summary>
internal sealed record CrashStep(string Id, int Number);
