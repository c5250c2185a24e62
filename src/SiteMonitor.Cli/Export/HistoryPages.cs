using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Backtest;

namespace SiteMonitor.Cli.Export;

/// <summary>Asks the application for pages of an export, waiting out GitHub's rate limits and short outages.</summary>
/// <param name="onWait">Shows the time until which a rate limit is waited out; null when it is over.</param>
internal sealed class HistoryPages(ApiClient api, TimeProvider time, Action<DateTimeOffset?> onWait)
{
    private static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(2);

    /// <returns>The page, or the problem that waiting does not solve.</returns>
    /// <exception cref="UnreachableException">The application has not answered for a minute.</exception>
    public async Task<ApiResponse<HistoryPage>> ReadAsync(
        ExportHeader header, string? after, CancellationToken cancellationToken)
    {
        string path = GetPath(header, after);
        DateTimeOffset? outageSince = null;
        while (true)
        {
            DateTimeOffset now = time.GetUtcNow();
            try
            {
                ApiResponse<HistoryPage> response = await api.GetAsync<HistoryPage>(path, cancellationToken);
                if (response.RetryAfter is { } asked)
                {
                    TimeSpan wait = asked > MinWait ? asked : MinWait;
                    onWait(time.GetUtcNow() + wait);
                    await Task.Delay(wait, time, cancellationToken);
                    onWait(null);
                    outageSince = null;
                    continue;
                }

                if ((int)response.Status < 500 || IsOver(outageSince ??= now, now))
                {
                    return response;
                }
            }
            catch (UnreachableException) when (!IsOver(outageSince ??= now, now))
            {
                // A restart or a slot swap takes less.
            }

            await Task.Delay(OutagePause, time, cancellationToken);
        }
    }

    private static bool IsOver(DateTimeOffset since, DateTimeOffset now) => now - since >= MaxOutage;

    private static string GetPath(ExportHeader header, string? after)
    {
        string path = $"history?repo={Uri.EscapeDataString(header.Repository)}";
        if (header.Since is { } since)
        {
            path += $"&since={Uri.EscapeDataString(since.ToString("O", CultureInfo.InvariantCulture))}";
        }

        return after is null ? path : $"{path}&after={Uri.EscapeDataString(after)}";
    }
}
