namespace SiteMonitor.Core.Specialists;

/// <summary>What the specialist hands in.</summary>
/// <param name="PathPattern">Where, with <c>&lt;slug&gt;</c> for the title: <c>docs/osint/&lt;slug&gt;-osint-profile.md</c>.</param>
/// <param name="TemplatePath">The template to start from, in the target repository.</param>
/// <param name="Sections">The analysis framework, in order.</param>
/// <param name="Requirements">What the content must have.</param>
public sealed record Deliverable(string Title, string PathPattern, string TemplatePath, IReadOnlyList<string> Sections, IReadOnlyList<string> Requirements);
