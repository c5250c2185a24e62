namespace SiteMonitor.Core.Analysis;

/// <summary>What became of completed issues in the last 90 days, by specialist and content type.</summary>
public sealed class SuccessHistory(IReadOnlyDictionary<(string Specialist, string ContentType), SuccessCount> counts)
{
    /// <summary>Fewer completed issues than this say nothing (product, section 1).</summary>
    public const int MinimumCompleted = 10;

    /// <summary>How far back completed issues count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);

    public static SuccessHistory None { get; } = new(new Dictionary<(string, string), SuccessCount>());

    /// <summary>The share of merged work, 0 to 1; null when too few issues were completed.</summary>
    public double? GetRate(string specialist, string contentType) =>
        counts.TryGetValue((specialist, contentType), out SuccessCount? count) && count.Completed >= MinimumCompleted
            ? Math.Clamp((double)count.Merged / count.Completed, 0, 1)
            : null;
}

/// <summary>Reads the success history, normally from the run ledger (<see cref="LedgerSuccessHistory"/>).</summary>
public interface ISuccessHistory
{
    Task<SuccessHistory> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>How a specialist's issues of one content type ended.</summary>
/// <param name="Completed">Issues completed.</param>
/// <param name="Merged">Those of them whose pull request was merged.</param>
public sealed record SuccessCount(int Completed, int Merged);
