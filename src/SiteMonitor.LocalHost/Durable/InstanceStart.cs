using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Starts instances for clients. Of several starts of one id exactly one succeeds, and its caller is told so once it is on disk.</summary>
internal sealed class InstanceStart(EngineCore core)
{
    /// <returns>The instance's id.</returns>
    /// <exception cref="OrchestrationAlreadyExistsException">An instance of that id is running, or has ended with a status among the dedupe statuses.</exception>
    public async Task<string> StartAsync(string name, string? input, StartOrchestrationOptions options, CancellationToken cancellation)
    {
        string id = options.InstanceId ?? Guid.NewGuid().ToString("N");
        Check(id, name);
        await core.AdmitAsync(cancellation);
        DateTime now = core.Clock.GetUtcNow().UtcDateTime;
        InstanceRecord record = new(core.NextKey(), id, name, options.Version is { Version: { } version } ? version : core.Options.DefaultVersion, 0, now)
        {
            StartAt = options.StartAt?.UtcDateTime is { } startAt && startAt > now ? startAt : null,
            Tags = options.Tags.Count > 0 ? Tags.Write(options.Tags) : null,
            Input = input,
        };
        Instance instance = new(record);
        Claim(instance, options.DedupeStatuses ?? []);
        InsertWrite insert = new(core, record, instance);
        instance.WriteQueued();
        core.Busy.Enter();
        core.Writer.Enqueue(insert);
        if (record.StartAt is { } later)
        {
            instance.StartTimer = core.Timers.Add(later, instance, EngineCore.StartMessage);
        }
        else
        {
            core.Tell(instance, EngineCore.StartMessage);
        }

        await insert.Done.Task.WaitAsync(cancellation);
        return id;
    }

    private void Check(string id, string name)
    {
        if (id.Length == 0 || id[0] == '@')
        {
            throw new ArgumentException($"'{id}' is not an instance id: it must not be empty or begin with '@'.");
        }

        if (!core.Knows(name))
        {
            throw new ArgumentException($"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.");
        }
    }

    /// <summary>An unfinished instance always keeps its id; a finished one unless its status is listed.</summary>
    private void Claim(Instance instance, IReadOnlyList<string> dedupe)
    {
        if (!core.TryAdd(instance))
        {
            throw AlreadyExists(instance.Id, core.Find(instance.Id)?.ReportedStatus ?? OrchestrationRuntimeStatus.Pending);
        }

        if (!dedupe.Any(s => Enum.TryParse(s, ignoreCase: true, out OrchestrationRuntimeStatus status) && InstanceRecord.IsTerminalStatus(status)))
        {
            return;
        }

        try
        {
            if (core.Reader.Find(instance.Id, payloads: false) is { } predecessor && dedupe.Contains(predecessor.Status.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                throw AlreadyExists(instance.Id, predecessor.Status);
            }
        }
        catch
        {
            core.Forget(instance);
            throw;
        }
    }

    private static OrchestrationAlreadyExistsException AlreadyExists(string id, OrchestrationRuntimeStatus status) =>
        new($"An orchestration with instance ID '{id}' and status '{status}' already exists");
}
