using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>The durable client over the engine in this process.</summary>
public sealed class EmbeddedDurableTaskClient : DurableTaskClient
{
    private readonly DurableEngine _engine;

    internal EmbeddedDurableTaskClient(DurableEngine engine)
        : base("embedded") => _engine = engine;

    private DataConverter Converter => _engine.Options.DataConverter;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) =>
        new InstanceStart(_engine.Core).StartAsync(orchestratorName.Name, Payload(input, "input"), options ?? new StartOrchestrationOptions(), cancellation);

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return AskAsync(instanceId, new HistoryEvent(HistoryEventKind.EventRaised) { Name = eventName, Payload = Payload(eventPayload, "event") }, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        AskAsync(instanceId, new HistoryEvent(HistoryEventKind.Suspended) { Payload = reason }, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        AskAsync(instanceId, new HistoryEvent(HistoryEventKind.Resumed) { Payload = reason }, cancellation);

    /// <inheritdoc/>
    /// <remarks>Sub-orchestrations go on, also with <see cref="TerminateInstanceOptions.Recursive"/>: as on Azure Storage.</remarks>
    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        AskAsync(instanceId, new HistoryEvent(HistoryEventKind.Terminated) { Payload = Payload(options?.Output, "output") }, cancellation);

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        if (_engine.Core.Find(instanceId) is { } instance)
        {
            await instance.Started.WaitAsync(cancellation);
        }

        return await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation) ?? throw Unknown(instanceId);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        OrchestrationMetadata? found;
        do
        {
            if (_engine.Core.Find(instanceId) is { } instance)
            {
                await instance.Ended.WaitAsync(cancellation);
            }

            found = await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);
        }
        while (found is { IsCompleted: false }); // It has been started anew meanwhile.

        return found ?? throw Unknown(instanceId);
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(_engine.Core.Reader.Find(instanceId, getInputsAndOutputs) is { } record ? Metadata(record, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationQuery query = filter ?? new OrchestrationQuery();
        return Pageable.Create((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            int limit = size ?? query.PageSize;
            List<InstanceRecord> page = _engine.Core.Reader.List(new InstanceFilter
            {
                Prefix = query.InstanceIdPrefix,
                After = token ?? query.ContinuationToken,
                CreatedFrom = query.CreatedFrom?.UtcDateTime,
                CreatedTo = query.CreatedTo?.UtcDateTime,
                Statuses = [.. query.Statuses ?? []],
                Payloads = query.FetchInputsAndOutputs,
                Limit = limit,
            });
            OrchestrationMetadata[] values = [.. page.Select(r => Metadata(r, query.FetchInputsAndOutputs))];
            return Task.FromResult(new Page<OrchestrationMetadata>(values, page.Count == limit ? page[^1].Id : null));
        });
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        EngineCore core = _engine.Core;
        OrchestrationRuntimeStatus[] statuses = Terminal(runtimeStatus);
        List<InstanceRecord> page = statuses.Length == 0 ? [] : core.Reader.List(new InstanceFilter
        {
            After = lastInstanceKey,
            UpdatedFrom = completedTimeFrom?.UtcDateTime,
            UpdatedTo = completedTimeTo?.UtcDateTime,
            Statuses = statuses,
            Limit = pageSize,
        });
        return Task.FromResult(new Page<string>([.. page.Select(r => r.Id)], page.Count == pageSize ? page[^1].Id : null));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (_engine.Core.Reader.Find(instanceId, payloads: false) is not { } record)
        {
            return new PurgeResult(0);
        }

        if (!record.IsTerminal)
        {
            throw new InvalidOperationException(
                $"Only orchestrations in a terminal state can be purged, but the orchestration with instance ID {instanceId} has status {record.Status}");
        }

        await new Purging(_engine.Core).PurgeAsync([record.Key], cancellation);
        return new PurgeResult(1);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Purging purging = new(_engine.Core);
        OrchestrationRuntimeStatus[] statuses = Terminal(filter.Statuses);
        InstanceFilter ended = new() { CreatedFrom = filter.CreatedFrom?.UtcDateTime, CreatedTo = filter.CreatedTo?.UtcDateTime, Statuses = statuses };
        return new PurgeResult(statuses.Length == 0 ? 0 : await purging.RunAsync(ended, cancellation));
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        InstanceRecord record = _engine.Core.Reader.Find(instanceId, payloads: true)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        if (!restartWithNewInstanceId && !record.IsTerminal)
        {
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");
        }

        StartOrchestrationOptions options = new(restartWithNewInstanceId ? null : instanceId) { Tags = Tags.Read(record.Tags), Version = record.Version };
        return await new InstanceStart(_engine.Core).StartAsync(record.Name, record.Input, options, cancellation);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Unknown(string instanceId) => new($"Orchestration with instanceId '{instanceId}' does not exist");

    /// <summary>Those of the statuses asked for that are an end; all of these where none was named. None at all: nothing can match.</summary>
    private static OrchestrationRuntimeStatus[] Terminal(IEnumerable<OrchestrationRuntimeStatus>? asked) =>
        asked?.ToArray() is { Length: > 0 } named ? [.. named.Where(InstanceRecord.IsTerminalStatus)] : [.. InstanceRecord.TerminalStatuses];

    private string? Payload(object? value, string what) => Payloads.Check(Converter.Serialize(value), what, _engine.Options);

    private async Task AskAsync(string instanceId, HistoryEvent step, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        EngineCore core = _engine.Core;
        await core.AdmitAsync(cancellation);
        if (core.Find(instanceId) is not { } instance)
        {
            throw core.Reader.Find(instanceId, payloads: false) is null ? Refusals.NotFound(instanceId) : Refusals.Finished(instanceId, step.Kind);
        }

        TaskCompletionSource handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Tell(instance, new InstanceMessage(step) { Handled = handled });
        await handled.Task.WaitAsync(cancellation);
    }

    private OrchestrationMetadata Metadata(InstanceRecord record, bool payloads) => new(record.Name, record.Id)
    {
        RuntimeStatus = record.Status,
        CreatedAt = new DateTimeOffset(record.Created),
        LastUpdatedAt = new DateTimeOffset(record.Updated),
        SerializedInput = record.Input,
        SerializedOutput = record.Output,
        SerializedCustomStatus = record.CustomStatus,
        Tags = Tags.Read(record.Tags),
        DataConverter = payloads ? Converter : null,
    };
}
