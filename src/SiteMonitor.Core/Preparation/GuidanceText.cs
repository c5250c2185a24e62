namespace SiteMonitor.Core.Preparation;

/// <summary>Composed guidance, LF line ends.</summary>
/// <param name="Section">What goes into the body; empty when the body has no room for any of it.</param>
/// <param name="Overflow">What did not fit and goes into the comment; empty when all did.</param>
public sealed record GuidanceText(string Section, string Overflow);
