namespace SiteMonitor.Core.Analysis;

/// <summary>What the model may see of an issue, as untrusted data: already trimmed, workflow labels left out.</summary>
public sealed record AnalysisText(string Title, IReadOnlyList<string> Labels, string Body);
