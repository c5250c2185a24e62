using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>Takes GitHub's deliveries. Waits for nothing but the durable start; never answers with a management URL, since anybody may call it.</summary>
public sealed partial class GitHubWebhook(
    HttpErrorHandler guarded,
    DeliveryClassifier reader,
    RunStarter starter,
    IRoutePolicy policy,
    IOptionsMonitor<GitHubOptions> options,
    ILogger<GitHubWebhook> logger)
{
    /// <summary>GitHub caps payloads at 25 MB.</summary>
    private const int MaxLength = 25 * 1024 * 1024;

    [Function(nameof(GitHubWebhook))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "github/webhook")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, MaxLength, cancellationToken);
            if (!WebhookSignature.Verify(options.CurrentValue.WebhookSecret, body.Span, request.Headers[WebhookSignature.HeaderName]))
            {
                Log.SignatureRefused(logger);
                return Responses.Problem(
                    StatusCodes.Status401Unauthorized,
                    "The delivery's signature is missing or wrong.",
                    $"The header {WebhookSignature.HeaderName} must sign the body with the secret in GitHub:WebhookSecret: set the same secret at the webhook and here.");
            }

            try
            {
                WebhookDelivery delivery = WebhookParser.Parse(
                    request.Headers[WebhookDelivery.EventHeader], request.Headers[WebhookDelivery.DeliveryHeader], request.ContentType, body);
                return await HandleAsync(client, delivery, cancellationToken);
            }
            catch (MalformedDeliveryException malformed)
            {
                return Responses.BadRequest("The delivery is not what GitHub sends.", [malformed.Message]);
            }
        });

    private async Task<IActionResult> HandleAsync(DurableTaskClient client, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        DeliveryRequest wanted = reader.Classify(delivery);
        if (wanted is not DeliveryRequest.Ignored)
        {
            TriggerDecision may = await policy.MayStartAsync(AutomaticTrigger.Webhook, cancellationToken);
            wanted = may.MayStart ? wanted : new DeliveryRequest.Ignored(may.Reason);
        }

        DeliveryStart? start = wanted switch
        {
            DeliveryRequest.Run(var issue, var work) => await starter.StartDeliveryAsync(client, issue, work, delivery.DeliveryId, cancellationToken),
            DeliveryRequest.Merge(var repository, var number) => await starter.StartMergeAsync(client, repository, number, delivery.DeliveryId, cancellationToken),
            _ => null,
        };
        string reason = start?.Detail ?? ((DeliveryRequest.Ignored)wanted).Reason;
        Log.Answered(logger, delivery.DeliveryId, delivery.Event, delivery.Action, reason);
        WebhookResponse answer = new() { InstanceId = start?.InstanceId, Reason = reason };
        return start is { IsRepeated: false } ? Responses.Accepted(answer) : Responses.Ok(answer);
    }

    private static partial class Log
    {
        [LoggerMessage(311, LogLevel.Warning, "A delivery with a missing or wrong signature was refused")]
        public static partial void SignatureRefused(ILogger logger);

        [LoggerMessage(312, LogLevel.Information, "Delivery {DeliveryId} ({Event} {Action}): {Reason}")]
        public static partial void Answered(ILogger logger, string deliveryId, string @event, string action, string reason);
    }
}
