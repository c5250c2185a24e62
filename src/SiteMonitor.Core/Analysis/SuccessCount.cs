namespace SiteMonitor.Core.Analysis;

/// <summary>How a specialist's issues of one content type ended.</summary>
/// <param name="Completed">Issues completed.</param>
/// <param name="Merged">Those of them whose pull request was merged.</param>
public sealed record SuccessCount(int Completed, int Merged);
