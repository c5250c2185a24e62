using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>
/// Receives GitHub's webhook deliveries. Waits only for the durable start, and never returns a management URL, because anybody may call
/// it.
/// </summary>
public sealed partial class GitHubWebhook(
    DeliveryRepositoryResolver repositories,
    DeliveryClassifier classifier,
    OutcomeClassifier outcomes,
    RunStarter starter,
    IRoutePolicy policy,
    IOptionsMonitor<GitHubOptions> options,
    ILogger<GitHubWebhook> logger)
{
    [Function(nameof(GitHubWebhook))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "github/webhook")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using SignedBody? body = await SignedBody.ReadAsync(
            request, options.CurrentValue.WebhookSecret, TimeProvider.System, cancellationToken);
        if (body is null)
        {
            Log.SignatureRefused(logger);
            return Responses.Problem(
                StatusCodes.Status401Unauthorized,
                "The delivery's signature is missing or wrong.",
                $"The header {WebhookSignature.HeaderName} must sign the body with the secret in GitHub:WebhookSecret: " +
                    "set the same secret at the webhook and here.");
        }

        try
        {
            WebhookDelivery delivery = WebhookParser.Parse(
                request.Headers[WebhookDelivery.EventHeader], request.Headers[WebhookDelivery.DeliveryHeader], request.ContentType,
                body.Bytes);
            return await StartAsync(client, await repositories.ResolveAsync(delivery, cancellationToken), cancellationToken);
        }
        catch (MalformedDeliveryException malformed)
        {
            return Responses.BadRequest("The delivery is not what GitHub sends.", [malformed.Message]);
        }
    }

    private async Task<IActionResult> StartAsync(DurableTaskClient client, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        if (outcomes.Classify(delivery) is { } outcome)
        {
            await starter.StartOutcomeAsync(client, outcome, cancellationToken);
        }

        DeliveryRequest request = classifier.Classify(delivery);
        if (request is not DeliveryRequest.Ignored
            && await policy.MayStartAsync(AutomaticTrigger.Webhook, cancellationToken) is { MayStart: false } switchedOff)
        {
            request = new DeliveryRequest.Ignored(switchedOff.Reason);
        }

        StartResult? result = request switch
        {
            DeliveryRequest.Run(var issue, var work) =>
                await starter.StartForDeliveryAsync(client, issue, work, delivery.DeliveryId, GetObservation(delivery), cancellationToken),
            DeliveryRequest.Merge(var repository, var number) =>
                await RunStarter.StartForMergeAsync(client, repository, number, delivery.DeliveryId, cancellationToken),
            _ => null,
        };
        string reason = result?.Detail ?? ((DeliveryRequest.Ignored)request).Reason;
        Log.Handled(logger, delivery.DeliveryId, delivery.Event, delivery.Action, reason);
        WebhookResponse response = new() { InstanceId = result?.InstanceId, Reason = reason };
        bool hasStarted = result is { Status: StartStatus.Started or StartStatus.Queued };
        return Responses.Json(response, hasStarted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static IssueObservation? GetObservation(WebhookDelivery delivery) => delivery.Issue is { } issue
        ? new IssueObservation(issue.Labels, issue.UpdatedAt, delivery.Action == "unlabeled" ? delivery.Label : null, issue.IsOpen)
        : null;

    private static partial class Log
    {
        [LoggerMessage(311, LogLevel.Warning, "A delivery with a missing or wrong signature was refused")]
        public static partial void SignatureRefused(ILogger logger);

        [LoggerMessage(312, LogLevel.Information, "Delivery {DeliveryId} ({Event} {Action}): {Reason}")]
        public static partial void Handled(ILogger logger, string deliveryId, string @event, string action, string reason);
    }
}
