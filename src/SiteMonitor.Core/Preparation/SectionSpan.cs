namespace SiteMonitor.Core.Preparation;

/// <summary>Where a section of ours stands in a body, marks included.</summary>
/// <param name="Start">Index of the first character of the opening mark.</param>
/// <param name="End">Index behind the closing mark.</param>
/// <param name="IsSealed">Whether its content is exactly what we wrote.</param>
internal readonly record struct SectionSpan(int Start, int End, bool IsSealed);
