namespace SiteMonitor.Core.Issues;

/// <summary>One entry of an issue body's edit history.</summary>
/// <param name="ByUs">Whether our token or App made it.</param>
/// <param name="EditedAt">When it was made.</param>
/// <param name="BodyAfter">The whole body after this edit, as GitHub keeps it; null when GitHub no longer has it.</param>
public sealed record BodyEdit(bool ByUs, DateTimeOffset EditedAt, string? BodyAfter);
