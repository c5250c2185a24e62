namespace SiteMonitor.Core.Analysis;

/// <summary>The results of issues completed in the last 90 days, by specialist and content type.</summary>
public sealed class SuccessHistory(IReadOnlyDictionary<(string Specialist, string ContentType), SuccessCount> counts)
{
    /// <summary>Minimum number of completed issues for a rate.</summary>
    public const int MinimumCompleted = 10;

    /// <summary>The time for which completed issues count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);

    public static SuccessHistory None { get; } = new(new Dictionary<(string, string), SuccessCount>());

    /// <summary>Returns the share of merged work, 0 to 1; null when too few issues were completed.</summary>
    public double? GetRate(string specialist, string contentType) =>
        counts.TryGetValue((specialist, contentType), out SuccessCount? count) && count.Completed >= MinimumCompleted
            ? Math.Clamp((double)count.Merged / count.Completed, 0, 1)
            : null;
}

/// <summary>Reads the success history.</summary>
public interface ISuccessHistory
{
    Task<SuccessHistory> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The results of a specialist's issues of one content type.</summary>
/// <param name="Completed">Number of issues completed.</param>
/// <param name="Merged">Number of them whose pull request was merged.</param>
public sealed record SuccessCount(int Completed, int Merged);
