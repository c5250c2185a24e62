using DurableTask.Core;

namespace DurableTask.Sqlite;

/// <summary>An instance has reached a status, and that is on disk.</summary>
public sealed record InstanceStatusChange(string InstanceId, string Name, OrchestrationStatus Status);
