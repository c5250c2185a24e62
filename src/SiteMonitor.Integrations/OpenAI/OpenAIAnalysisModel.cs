using System.ClientModel;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>
/// Analyzes texts with an Azure OpenAI deployment. Responses are cached, and concurrent callers with the same text share one call.
/// </summary>
internal sealed partial class OpenAIAnalysisModel(
    ModelConversation conversation, IAnalysisCache cache, IOptions<AzureOpenAIOptions> options, CircuitBreakers breakers,
    TimeProvider orchestrationTime, ILogger<OpenAIAnalysisModel> logger) : IAnalysisModel
{
    /// <summary>What <see cref="IsAnsweringAsync"/> asks: nobody else wrote a word of it.</summary>
    private static readonly AnalysisText ProbeText =
        new("The start page has a new banner", [], "A banner on the start page announces new opening hours.");

    /// <summary>How long an answered probe counts, so that many texts without an answer cost few calls.</summary>
    private static readonly TimeSpan ProbeAge = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<CallResult<ModelResult>>>> _underWay = new(StringComparer.Ordinal);
    private readonly CircuitBreaker _breaker = breakers.Get(CircuitBreakers.Model);
    private long? _answeredAt;

    public async Task<CallResult<ModelResult>> AnalyzeAsync(
        AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken)
    {
        AnalysisPrompt prompt = AnalysisPrompt.For(text, catalogue);
        string key = KeyOf(prompt);
        if (await FindResultAsync(key, catalogue, cancellationToken) is { } cached)
        {
            return cached;
        }

        // The call is nobody's alone: it has its own time limit, and each caller only stops waiting.
        Lazy<Task<CallResult<ModelResult>>> mine = new(() => AskAsync(key, prompt, catalogue));
        Lazy<Task<CallResult<ModelResult>>> shared = _underWay.GetOrAdd(key, mine);
        CallResult<ModelResult> result = await shared.Value.WaitAsync(cancellationToken);
        if (!ReferenceEquals(mine, shared) && !result.IsRateLimited)
        {
            CallMeter.Add(new Usage { CacheHits = 1 });
        }

        return result;
    }

    public Task<ModelAnalysis?> FindCachedAsync(string cacheKey, SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
        FindAsync(cacheKey, catalogue, cancellationToken);

    public async Task<bool> IsCachedAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
        await FindAsync(KeyOf(AnalysisPrompt.For(text, catalogue)), catalogue, cancellationToken) is not null;

    public async Task<DateTimeOffset?> GetRetryTimeIfDownAsync(SpecialistCatalogue catalogue)
    {
        try
        {
            await ProbeIfDownAsync(catalogue);
            return null;
        }
        catch (Exception exception) when (OutageDetector.GetRetryDelay(exception) is { } wait)
        {
            return orchestrationTime.GetUtcNow() + wait;
        }
    }

    public async Task<bool> IsAnsweringAsync(SpecialistCatalogue catalogue, CancellationToken cancellationToken)
    {
        if (_answeredAt is { } last && TimeProvider.System.GetElapsedTime(last) < ProbeAge)
        {
            return true;
        }

        bool isAnswering = false;
        try
        {
            ModelResult result = await conversation.AskWithoutBreakerAsync(AnalysisPrompt.For(ProbeText, catalogue), catalogue)
                .WaitAsync(cancellationToken);
            isAnswering = result.Status == ModelResultStatus.Answered;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, exception.GetType().Name, exception is ClientResultException answer ? answer.Status : 0);
        }

        _answeredAt = isAnswering ? TimeProvider.System.GetTimestamp() : null;
        Log.Probed(logger, isAnswering);
        return isAnswering;
    }

    private ValueTask ProbeIfDownAsync(SpecialistCatalogue catalogue) => _breaker.ProbeIfOpenAsync(
        async token =>
        {
            await conversation.ProbeAsync(AnalysisPrompt.For(ProbeText, catalogue), token);
            return true;
        },
        CancellationToken.None);

    private async Task<CallResult<ModelResult>> AskAsync(string key, AnalysisPrompt prompt, SpecialistCatalogue catalogue)
    {
        try
        {
            // Another caller's answer may have come between our look and now.
            if (await FindResultAsync(key, catalogue, CancellationToken.None) is { } cached)
            {
                return cached;
            }

            await ProbeIfDownAsync(catalogue);
            ModelResult reply = await AskAsync(prompt, catalogue);
            if (reply.Analysis is { } answer)
            {
                await StoreAsync(key, answer);
            }

            return CallResult<ModelResult>.Ok(reply with { CacheKey = reply.Analysis is null ? string.Empty : key });
        }
        catch (ClientResultException limited) when (limited.Status == 429)
        {
            TimeSpan wait = ModelFailures.RateLimitWait(limited, TimeProvider.System.GetUtcNow());
            Log.Limited(logger, wait);
            return CallResult<ModelResult>.RateLimited(orchestrationTime.GetUtcNow() + wait);
        }
        catch (Exception exception) when (OutageDetector.GetRetryDelay(exception) is { } wait)
        {
            return CallResult<ModelResult>.ModelOutage(orchestrationTime.GetUtcNow() + wait);
        }
        catch (Exception exception) when (exception is not PipelineException)
        {
            Log.Failed(logger, exception.GetType().Name, exception is ClientResultException answer ? answer.Status : 0);
            throw ModelFailures.From(exception);
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    /// <summary>Asks the model. Where requests of this question failed, an open circuit is a failure and not an outage.</summary>
    private async Task<ModelResult> AskAsync(AnalysisPrompt prompt, SpecialistCatalogue catalogue)
    {
        using CallMeter meter = CallMeter.StartExtra();
        try
        {
            return await conversation.AskAsync(prompt, catalogue);
        }
        catch (Exception exception) when (meter.Total.ModelCalls > 0 && OutageDetector.GetRetryDelay(exception) is not null)
        {
            throw ModelFailures.KeepsFailing();
        }
    }

    private string KeyOf(AnalysisPrompt prompt) => prompt.CacheKey(options.Value.Endpoint, options.Value.Deployment);

    /// <summary>Returns the cached answer, and counts it; null without one.</summary>
    private async Task<CallResult<ModelResult>?> FindResultAsync(
        string key, SpecialistCatalogue catalogue, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, catalogue, cancellationToken) is not { } cached)
        {
            return null;
        }

        CallMeter.Add(new Usage { CacheHits = 1 });
        return CallResult<ModelResult>.Ok(new ModelResult(ModelResultStatus.Answered, cached) { CacheKey = key, IsCached = true });
    }

    private async Task<ModelAnalysis?> FindAsync(string key, SpecialistCatalogue catalogue, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.FindAsync(key, cancellationToken) is { } json ? CachedModelResponse.Read(json, catalogue) : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CacheFailed(logger, exception);
            return null;
        }
    }

    private async Task StoreAsync(string key, ModelAnalysis answer)
    {
        try
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10), TimeProvider.System);
            await cache.StoreAsync(key, JsonSerializer.Serialize(answer, ModelResponseJson.Default.ModelAnalysis), patience.Token);
        }
        catch (Exception exception)
        {
            Log.CacheFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Warning, "Azure OpenAI's rate limit prevents requests for {Wait}")]
        public static partial void Limited(ILogger logger, TimeSpan wait);

        [LoggerMessage(2202, LogLevel.Warning, "A request to Azure OpenAI failed: {Exception}, status {Status}")]
        public static partial void Failed(ILogger logger, string exception, int status);

        [LoggerMessage(2204, LogLevel.Warning, "The model gave no usable answer for a text; it answers the control text: {IsAnswering}")]
        public static partial void Probed(ILogger logger, bool isAnswering);

        [LoggerMessage(2203, LogLevel.Warning, "The analysis cache failed; calling the model instead")]
        public static partial void CacheFailed(ILogger logger, Exception exception);
    }
}
