using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Sets an API version that the client (2.1.0) does not know.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    private const string Parameter = "api-version=";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Exchange(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Exchange(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Exchange(PipelineMessage message)
    {
        UriBuilder address = new(message.Request.Uri!);
        IEnumerable<string> others = address.Query.TrimStart('?').Split('&')
            .Where(p => !p.StartsWith(Parameter, StringComparison.OrdinalIgnoreCase));
        address.Query = string.Join('&', others.Append(Parameter + version).Where(p => p.Length > 0));
        message.Request.Uri = address.Uri;
    }
}

/// <summary>Sends each request, retries too, through the model's circuit breaker. None of them is ever its probe.</summary>
internal sealed class CircuitBreakerPolicy(CircuitBreaker breaker) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        breaker.ThrowUnlessClosed();
        breaker.Execute(() =>
        {
            ProcessNext(message, pipeline, currentIndex);
            return message.Response?.Status ?? 0;
        });
    }

    // Nobody cancels a request to the model but the time limits: whatever cancels it, the model did not answer in time.
    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        breaker.ThrowUnlessClosed();
        await breaker.ExecuteAsync(
            async _ =>
            {
                await ProcessNextAsync(message, pipeline, currentIndex);
                return message.Response?.Status ?? 0;
            },
            CancellationToken.None);
    }
}

/// <summary>Counts each request to the model, including retries.</summary>
internal sealed class CallCountingPolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        CallMeter.Add(new Usage { ModelCalls = 1 });
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        CallMeter.Add(new Usage { ModelCalls = 1 });
        return ProcessNextAsync(message, pipeline, currentIndex);
    }
}

/// <summary>Renames the token limit as reasoning models expect it; the client's own switch for it (2.1.0) throws an exception.</summary>
internal sealed class CompletionTokensPolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        using MemoryStream body = new();
        message.Request.Content?.WriteTo(body, message.CancellationToken);
        Rename(message, body);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        using MemoryStream body = new();
        if (message.Request.Content is { } content)
        {
            await content.WriteToAsync(body, message.CancellationToken);
        }

        Rename(message, body);
        await ProcessNextAsync(message, pipeline, currentIndex);
    }

    private static void Rename(PipelineMessage message, MemoryStream body)
    {
        if (body.Length > 0 && JsonNode.Parse(body.ToArray()) is JsonObject request && request.Remove("max_tokens", out JsonNode? limit))
        {
            request["max_completion_tokens"] = limit;
            message.Request.Content = BinaryContent.Create(BinaryData.FromString(request.ToJsonString()));
        }
    }
}

/// <summary>The client's own retry policy without 429, because the orchestration waits for rate limits durably.</summary>
internal sealed class ServerErrorRetryPolicy(int maxRetries) : ClientRetryPolicy(maxRetries)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !IsRateLimit(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        IsRateLimit(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        TimeSpan delay = base.GetNextDelay(message, tryCount);
        return delay < LongestPause ? delay : LongestPause;
    }

    private static bool IsRateLimit(PipelineMessage message) => message.Response?.Status == 429;
}
