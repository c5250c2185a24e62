using SiteMonitor.Core;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Limits the duration and the response size of one attempt. Reads the body here, because Octokit sets no limit for it.</summary>
internal sealed class BoundedResponseHandler(GitHubOptions options, TimeProvider time) : DelegatingHandler
{
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TimeSpan timeout = options.RequestTimeout;
        using CancellationTokenSource timer = new(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, linked.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, linked.Token);
            return response;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw new TransientFailureException("github-timeout",
                $"GitHub did not answer within {timeout.TotalSeconds:0.#} s (GitHub:RequestTimeout).");
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }
}
