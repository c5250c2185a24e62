namespace SiteMonitor.LocalHost.Durable;

/// <summary>How the engine is.</summary>
/// <param name="Problem">Why orchestrations are paused; null while they are not.</param>
/// <param name="Unfinished">Instances that have not ended.</param>
/// <param name="Live">Those of them whose orchestrator is in memory.</param>
public sealed record EngineHealth(string? Problem, int Unfinished, int Live)
{
    public bool IsHealthy => Problem is null;
}
