using System.Text.Json;
using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable.Execution;

internal sealed class TypedEventWaiter<T> : EventWaiter
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);

    public override bool TryDeliver(string? payload, DataConverter converter)
    {
        if (_source.Task.IsCompleted)
        {
            return false;
        }

        try
        {
            return _source.TrySetResult(converter.Deserialize<T>(payload)!);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            return _source.TrySetException(failure);
        }
    }
}
