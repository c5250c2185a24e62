using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>A client's start of an instance.</summary>
internal sealed class InsertWrite(EngineCore core, InstanceRecord record, Instance instance) : StoreWrite
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Apply(InstanceStore store) => store.Insert(record);

    public override void Committed()
    {
        instance.WriteCommitted();
        core.Report(instance, OrchestrationRuntimeStatus.Pending);
        Done.TrySetResult();
        core.Busy.Exit();
    }

    public override void Refused(StorageException failure) => Done.TrySetException(Refusals.Storage(failure.Message));
}
