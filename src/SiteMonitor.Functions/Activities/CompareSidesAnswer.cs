namespace SiteMonitor.Functions.Activities;

/// <summary>How the sides compare.</summary>
/// <param name="Class">none, accepted or unexplained.</param>
/// <param name="UnifiedMs">How long the unified side took to decide, its model call included; 0 from a history written before this was kept.</param>
public sealed record CompareSidesResult(string Class, long UnifiedMs = 0);
