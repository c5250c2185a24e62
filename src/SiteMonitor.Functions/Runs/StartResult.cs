namespace SiteMonitor.Functions.Runs;

/// <summary>The result of a request to start work.</summary>
/// <param name="InstanceId">The durable instance that does the work.</param>
/// <param name="Detail">Display text; for a conflict, what is active instead.</param>
public sealed record StartResult(string InstanceId, StartStatus Status, string Detail)
{
    public static StartResult Started(string instanceId, string detail = "The run was started.") =>
        new(instanceId, StartStatus.Started, detail);

    public static StartResult Queued(string instanceId) =>
        new(instanceId, StartStatus.Queued, "A run is active: another one follows when it has ended.");

    public static StartResult AlreadyHandled(string instanceId, string detail = "This delivery was handled before.") =>
        new(instanceId, StartStatus.AlreadyHandled, detail);

    public static StartResult Conflict(string instanceId, string active) => new(instanceId, StartStatus.Conflict, active);
}

public enum StartStatus
{
    Started,

    /// <summary>A run is active; a redelivery starts another one when it has ended.</summary>
    Queued,

    /// <summary>The same request has a run already; nothing was started.</summary>
    AlreadyHandled,

    /// <summary>Other work on the issue is active; nothing was started.</summary>
    Conflict,
}

/// <summary>The result of one attempt of a redelivery.</summary>
/// <param name="IsSettled">A run has begun that sees what the delivery reports; otherwise an older run is still active.</param>
/// <param name="Detail">Display text.</param>
public sealed record StartWorkResult(bool IsSettled, string Detail);
