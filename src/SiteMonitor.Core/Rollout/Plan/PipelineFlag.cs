namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The flag <c>UnifiedPipeline</c> in a phase.</summary>
public sealed record PipelineFlag
{
    public required bool Enabled { get; init; }

    /// <summary>Issues with one of these labels go through the unified pipeline.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>0 to 100, sticky.</summary>
    public double Percentage { get; init; }
}
