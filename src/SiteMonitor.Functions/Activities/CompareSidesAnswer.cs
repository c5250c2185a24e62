namespace SiteMonitor.Functions.Activities;

/// <summary>How the sides compare.</summary>
/// <param name="Class">none, accepted or unexplained.</param>
public sealed record CompareSidesAnswer(string Class);
