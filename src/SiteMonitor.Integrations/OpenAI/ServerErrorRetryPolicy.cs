using System.ClientModel.Primitives;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>The client's own policy, but for 429: a rate limit is waited for durably, by the orchestration.</summary>
internal sealed class ServerErrorRetryPolicy(int maxRetries) : ClientRetryPolicy(maxRetries)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) => !IsRateLimit(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        IsRateLimit(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        TimeSpan delay = base.GetNextDelay(message, tryCount);
        return delay < LongestPause ? delay : LongestPause;
    }

    private static bool IsRateLimit(PipelineMessage message) => message.Response?.Status == 429;
}
