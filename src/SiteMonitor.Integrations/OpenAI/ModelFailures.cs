using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using Azure.Identity;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Converts the client's exceptions to our own, without the service's text, which may quote the prompt.</summary>
internal static class ModelFailures
{
    /// <summary>Default wait after a 429 without a time.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static PipelineException From(Exception exception) => exception switch
    {
        PipelineException ours => ours,
        ClientResultException { Status: > 0 } answer => FromStatus(answer.Status),
        AuthenticationFailedException => new PermanentFailureException(
            "model-sign-in", "Signing in to Azure OpenAI failed: give the app an identity with the role 'Cognitive Services OpenAI User' " +
                "(AzureOpenAI:ClientId names a user-assigned one), or set AzureOpenAI:ApiKey."),
        OperationCanceledException or AggregateException { InnerException: OperationCanceledException } => TimedOut(),
        ClientResultException or HttpRequestException or IOException or AggregateException => new TransientFailureException(
            "model-unreachable", "No connection to Azure OpenAI: check AzureOpenAI:Endpoint and the network."),
        _ =>
            new TransientFailureException("model-garbled-answer", $"Azure OpenAI's answer could not be read ({exception.GetType().Name})."),
    };

    /// <summary>Requests of one question failed, and the circuit opened.</summary>
    public static TransientFailureException KeepsFailing() =>
        new("model-server-error", "Azure OpenAI did not answer, or answered 5xx, and gets no further request for a second.");

    public static TransientFailureException TimedOut() =>
        new("model-timeout",
            "Azure OpenAI did not answer in time (AzureOpenAI:Timeout for one attempt, AzureOpenAI:TotalTimeout for all).");

    public static TimeSpan RateLimitWait(ClientResultException answer, DateTimeOffset now)
    {
        PipelineResponse? response = answer.GetRawResponse();
        TimeSpan wait = response is null ? DefaultWait
            : Milliseconds(response) ?? Seconds(response) ?? Until(response, now) ?? DefaultWait;
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > LongestWait ? LongestWait : wait;
    }

    private static PipelineException FromStatus(int status) => status switch
    {
        401 or 403 => new PermanentFailureException("model-unauthorized", $"Azure OpenAI refused the credential (status {status}): " +
            "check AzureOpenAI:ApiKey, or the identity's role 'Cognitive Services OpenAI User'."),
        404 => new PermanentFailureException("model-not-found", "Azure OpenAI does not have this deployment (status 404): " +
            "check AzureOpenAI:Deployment and AzureOpenAI:Endpoint; a new deployment takes some minutes."),
        408 or 409 or >= 500 => new TransientFailureException("model-server-error", $"Azure OpenAI answered {status}."),
        _ => new PermanentFailureException("model-refused", $"Azure OpenAI refused the request (status {status}): " +
            "the model must support structured outputs; for a reasoning model set AzureOpenAI:ReasoningModel."),
    };

    private static TimeSpan? Milliseconds(PipelineResponse response) =>
        response.Headers.TryGetValue("retry-after-ms", out string? text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double ms) && ms < LongestWait.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(ms)
            : null;

    private static TimeSpan? Seconds(PipelineResponse response) =>
        response.Headers.TryGetValue("retry-after", out string? text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static TimeSpan? Until(PipelineResponse response, DateTimeOffset now) =>
        response.Headers.TryGetValue("retry-after", out string? text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset date) ? date - now : null;
}
