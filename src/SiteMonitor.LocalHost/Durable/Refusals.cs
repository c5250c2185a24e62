using Grpc.Core;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>What a client is told when a request cannot be done: the exceptions a client of the Durable Functions host gets.</summary>
internal static class Refusals
{
    public static RpcException NotFound(string instanceId) =>
        new(new Status(StatusCode.NotFound, $"No instance with ID '{instanceId}' was found."));

    /// <summary>The instance has ended: events and a second termination fail their precondition, suspending and resuming has no code of its own.</summary>
    public static RpcException Finished(string instanceId, HistoryEventKind request) => new(new Status(
        request is HistoryEventKind.Suspended or HistoryEventKind.Resumed ? StatusCode.Unknown : StatusCode.FailedPrecondition,
        $"The orchestration instance with the provided instance id '{instanceId}' is not running."));

    public static RpcException Storage(string problem) =>
        new(new Status(StatusCode.Unavailable, $"{problem} What was asked for may still be done once the database takes it; asking again is safe with the same instance id."));

    public static RpcException Stopped() => new(new Status(StatusCode.Unavailable, "The durable engine is not running."));
}
