using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.GitHub.SignIn;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.GitHub.Client;

/// <summary>Calls GitHub's REST and GraphQL APIs with one credential. Returns rate limits as values; throws our own exceptions.</summary>
internal sealed partial class GitHubApiClient(
    IConnection rest, IConnection graph, Uri graphAddress, ICredentialStore credentials, RateLimitGate gate, GitHubClocks clocks,
    string setting, ILogger logger)
{
    private readonly GitHubClient _client = new(rest);

    /// <summary>Name of the setting with the credential, for messages.</summary>
    public string Setting => setting;

    public IConnection Rest => rest;

    /// <param name="what">For messages: <c>reading octo-org/site#7</c>.</param>
    public Task<CallResult<T>> CallAsync<T>(
        RequestTag tag, string what, Func<IGitHubClient, Task<T>> call, CancellationToken cancellationToken) =>
        GuardAsync(tag, what, async () => CallResult<T>.Ok(await call(_client)), cancellationToken);

    /// <summary>Sends a document. The response has data, errors, or both.</summary>
    public Task<CallResult<GraphResponse<T>>> SendAsync<T>(
        RequestTag tag, string what, string document, JsonObject variables, CancellationToken cancellationToken)
        where T : class =>
        GuardAsync(tag, what, () => PostAsync<T>(what, document, variables, cancellationToken), cancellationToken);

    /// <summary>Sends a document; throws if the response has errors.</summary>
    public async Task<CallResult<T>> QueryAsync<T>(
        RequestTag tag, string what, string document, JsonObject variables, CancellationToken cancellationToken)
        where T : class
    {
        CallResult<GraphResponse<T>> result = await SendAsync<T>(tag, what, document, variables, cancellationToken);
        return result.RetryAt is { } retryAt ? CallResult<T>.RateLimited(retryAt)
            : result.Value!.HasErrors ? throw ToException(result.Value.Errors!, what)
            : CallResult<T>.Ok(result.Value.Data!);
    }

    /// <summary>Converts the errors of a GraphQL response to an exception.</summary>
    public PipelineException ToException(IReadOnlyList<GraphError> errors, string what)
    {
        foreach (GraphError error in errors)
        {
            Log.GraphError(logger, error.Type, error.Extensions?.Code, error.Field, what);
        }

        return GraphFailures.From(errors, what, setting);
    }

    private async Task<CallResult<GraphResponse<T>>> PostAsync<T>(
        string what, string document, JsonObject variables, CancellationToken cancellationToken)
        where T : class
    {
        IApiResponse<GraphResponse<T>> response = await graph.Post<GraphResponse<T>>(
            graphAddress, new GraphRequest(document, variables), "application/json", "application/json", new Dictionary<string, string>(),
            cancellationToken);
        if (response.Body is not { } answer || (answer.Data is null && !answer.HasErrors))
        {
            throw new TransientFailureException("github-garbled-answer", $"GitHub's answer has neither data nor errors while {what}.");
        }

        return WaitOf(answer.Errors ?? [], response.HttpResponse) is { } wait
            ? CallResult<GraphResponse<T>>.RateLimited(clocks.RetryAt(wait))
            : CallResult<GraphResponse<T>>.Ok(answer);
    }

    /// <summary>Returns the wait of a rate limit that the errors report; null if they report none.</summary>
    private TimeSpan? WaitOf(IReadOnlyList<GraphError> errors, IResponse response)
    {
        bool isSecondary = errors.Any(GraphFailures.IsSecondaryLimit);
        if (!isSecondary && !errors.Any(GraphFailures.IsPrimaryLimit))
        {
            return null;
        }

        // The gate has been closed for as long as the answer named.
        bool isNamed = response.Headers?.Keys.Contains("Retry-After", StringComparer.OrdinalIgnoreCase) == true;
        return isNamed && gate.GetRemainingWait("graphql") is var named && named > TimeSpan.Zero ? named
            : isSecondary ? gate.CloseWithBackoff()
            : gate.Close(ResetWait(response.ApiInfo.RateLimit) ?? RateLimitGate.DefaultWait, "graphql");
    }

    private TimeSpan? ResetWait(RateLimit limit)
    {
        TimeSpan wait = limit.Reset - clocks.SystemTime.GetUtcNow();
        return limit.Limit > 0 && wait > TimeSpan.Zero && wait < TimeSpan.FromMinutes(65) ? wait + TimeSpan.FromSeconds(1) : null;
    }

    private async Task<CallResult<T>> GuardAsync<T>(
        RequestTag tag, string what, Func<Task<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await tag.RunAsync(what, call, cancellationToken);
        }
        catch (RateLimitedException limited)
        {
            return CallResult<T>.RateLimited(clocks.RetryAt(limited.Wait));
        }
        catch (Exception exception) when (!tag.HasSent && OutageDetector.GetRetryDelay(exception) is { } wait)
        {
            // Callers wait for GitHub to come back as for a rate limit to end. A call whose own requests opened the circuit has failed.
            return CallResult<T>.RateLimited(clocks.RetryAt(wait));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (AuthorizationException) when (credentials is IRefreshableCredentials refreshable)
        {
            refreshable.Invalidate();
            throw new TransientFailureException("github-token-refused",
                $"GitHub refused the installation token while {what}; the next attempt requests a new one.");
        }
        catch (Exception exception) when (exception is not PipelineException)
        {
            if (exception is ApiException answer)
            {
                Log.CallRefused(logger, what, (int)answer.StatusCode);
            }
            else
            {
                Log.CallFailed(logger, exception, what);
            }

            throw GitHubFailures.From(exception, what, setting);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2121, LogLevel.Warning, "GitHub answered {Status} while {What}")]
        public static partial void CallRefused(ILogger logger, string what, int status);

        [LoggerMessage(2123, LogLevel.Warning, "The call to GitHub failed while {What}")]
        public static partial void CallFailed(ILogger logger, Exception exception, string what);

        [LoggerMessage(2122, LogLevel.Warning, "GraphQL error {Type} {Code} at '{Field}' while {What}")]
        public static partial void GraphError(ILogger logger, string? type, string? code, string field, string what);
    }
}
