namespace SiteMonitor.Core.Contracts;

/// <summary>Answer to a batch: what became of each candidate, urgent ones first.</summary>
public sealed record BatchResponse
{
    /// <summary>Issues started by this batch.</summary>
    public required int Started { get; init; }

    public required IReadOnlyList<BatchEntry> Issues { get; init; }

    /// <summary>Repositories that could not be listed, each with the reason.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
