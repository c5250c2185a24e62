namespace Microsoft.DurableTask;

/// <summary>How a sub-orchestration is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options)
    {
        SubOrchestrationOptions? given = options as SubOrchestrationOptions;
        InstanceId = instanceId ?? given?.InstanceId;
        Version = given?.Version;
    }

    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options)
    {
        InstanceId = options.InstanceId;
        Version = options.Version;
    }

    /// <summary>Null: the engine derives one from the parent's.</summary>
    public string? InstanceId { get; init; }

    public TaskVersion? Version { get; init; }
}
