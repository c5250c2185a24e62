namespace SiteMonitor.Functions.Orchestrations;

/// <summary>A step has failed for good: its tries or its budget of waits are used up, or no try can help. Never leaves the orchestrator.</summary>
internal sealed class ActivityFailedException(string step, string code, string reason, bool isTransient) : Exception($"{step}: {reason}")
{
    public string Activity { get; } = step;

    /// <summary>Stable, kebab-case.</summary>
    public string Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>A later run may succeed without anybody doing anything.</summary>
    public bool IsTransient { get; } = isTransient;
}
