namespace SiteMonitor.Functions.Activities;

/// <param name="IsSettled">A run has begun that knows of the delivery; otherwise an older run is still on.</param>
/// <param name="Detail">For people.</param>
public sealed record StartWorkResult(bool IsSettled, string Detail);
