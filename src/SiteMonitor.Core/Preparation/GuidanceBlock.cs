namespace SiteMonitor.Core.Preparation;

/// <summary>A piece of guidance that is kept or moved to the comment as a whole.</summary>
/// <param name="Text">Markdown with LF line ends, none at its end.</param>
/// <param name="Rank">What matters least has the highest rank and is moved first; rank 0 stays.</param>
/// <param name="Owner">The specialist it belongs to, for the comment's headings; empty for the common parts.</param>
internal sealed record GuidanceBlock(string Text, int Rank, string Owner = "");
