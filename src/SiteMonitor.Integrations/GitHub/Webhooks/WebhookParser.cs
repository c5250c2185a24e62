using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>
/// Reads deliveries: strict on the members that the event uses, indifferent to all others, so that what GitHub adds to its payloads or
/// leaves out of them changes nothing here. Of an event that starts nothing, action, repository and sender are read where they are
/// well-formed.
/// </summary>
public static class WebhookParser
{
    /// <summary>Members that nobody reads may nest deeper than the 64 levels that the parser allows by default.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100_000 };

    /// <summary>The actions of an issue that its label or state may answer with work.</summary>
    private static readonly string[] IssueActions = ["labeled", "unlabeled", "opened", "reopened", "closed"];

    /// <param name="eventName">The header <c>X-GitHub-Event</c>.</param>
    /// <param name="deliveryId">The header <c>X-GitHub-Delivery</c>.</param>
    /// <param name="contentType">The header <c>Content-Type</c>: JSON, or a form with the JSON in its field <c>payload</c> (a choice in
    /// GitHub's webhook settings).</param>
    /// <exception cref="MalformedDeliveryException">A header or a needed member is missing or of the wrong kind.</exception>
    public static WebhookDelivery Parse(string? eventName, string? deliveryId, string? contentType, ReadOnlyMemory<byte> body)
    {
        RequireHeader(eventName, WebhookDelivery.EventHeader);
        RequireHeader(deliveryId, WebhookDelivery.DeliveryHeader);
        try
        {
            using JsonDocument document = JsonDocument.Parse(WebhookBody.Json(contentType, body), Options);
            return Read(eventName!, deliveryId!, new PayloadNode(document.RootElement, string.Empty));
        }
        catch (JsonException exception)
        {
            throw new MalformedDeliveryException(
                $"The body is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).");
        }
    }

    private static void RequireHeader(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > 200)
        {
            throw new MalformedDeliveryException(
                $"The header {name} is missing, empty or too long: deliveries come from a GitHub webhook, which sets it.");
        }
    }

    private static WebhookDelivery Read(string eventName, string deliveryId, PayloadNode root)
    {
        WebhookDelivery delivery = new()
        {
            Event = eventName,
            DeliveryId = deliveryId,
            Action = root.Find("action")?.FindText() ?? string.Empty,
            Repository = RepositoryRef.TryParse(root.Find("repository")?.Find("full_name")?.FindText(), out RepositoryRef? repository)
                ? repository
                : null,
            RepositoryNodeId = root.Find("repository")?.Find("node_id")?.FindText() ?? string.Empty,
            Sender = root.Find("sender")?.Find("login")?.FindText() ?? string.Empty,
        };
        return eventName switch
        {
            "issues" when IssueActions.Contains(root.Required("action").GetText()) => ReadIssues(delivery, root),
            "pull_request" when root.Required("action").GetText() == "closed" => ReadPullRequest(delivery, root),
            _ => delivery,
        };
    }

    private static WebhookDelivery ReadIssues(WebhookDelivery delivery, PayloadNode root) => delivery with
    {
        Repository = ReadRepository(root.Required("repository")),
        Issue = ReadIssue(root.Required("issue")),
        Label = delivery.Action switch
        {
            "labeled" => root.Required("label").Required("name").GetText(),
            // GitHub leaves the label out when it was deleted from the repository.
            "unlabeled" => root.Optional("label")?.Required("name").GetText(),
            _ => null,
        },
    };

    private static WebhookDelivery ReadPullRequest(WebhookDelivery delivery, PayloadNode root)
    {
        PayloadNode pullRequest = root.Required("pull_request");
        return delivery with
        {
            Repository = ReadRepository(root.Required("repository")),
            PullRequest = new WebhookPullRequest(pullRequest.Required("number").GetPositiveInteger(),
                pullRequest.Optional("merged")?.GetBoolean() ?? false),
        };
    }

    private static WebhookIssue ReadIssue(PayloadNode issue) => new(
        issue.Required("number").GetPositiveInteger(),
        [.. issue.Required("labels").Items().Select(label => label.Required("name").GetText())],
        issue.Required("state").GetText() switch
        {
            "open" => true,
            "closed" => false,
            _ => throw new MalformedDeliveryException("issue.state: expected open or closed."),
        },
        issue.Optional("state_reason")?.GetText() switch
        {
            "completed" => CloseReason.Completed,
            "not_planned" => CloseReason.NotPlanned,
            "duplicate" => CloseReason.Duplicate,
            _ => null,
        },
        issue.Optional("pull_request") is not null,
        DateTimeOffset.TryParse(
            issue.Find("updated_at")?.FindText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset updatedAt)
            ? updatedAt
            : null);

    private static RepositoryRef ReadRepository(PayloadNode repository)
    {
        PayloadNode name = repository.Required("full_name");
        return RepositoryRef.TryParse(name.GetText(), out RepositoryRef? parsed)
            ? parsed
            : throw new MalformedDeliveryException($"{name.Path}: expected owner/name as GitHub allows them.");
    }
}

/// <summary>
/// A delivery that is not what GitHub sends: answered with 400 and this message, which names the member and what was expected, never its
/// value.
/// </summary>
public sealed class MalformedDeliveryException(string message) : Exception(message);

/// <summary>A webhook's body in either of the content types GitHub offers.</summary>
internal static class WebhookBody
{
    private const string FormType = "application/x-www-form-urlencoded";

    public static ReadOnlyMemory<byte> Json(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (contentType is null || !contentType.Trim().StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        foreach (QueryStringEnumerable.EncodedNameValuePair field in new QueryStringEnumerable(Encoding.UTF8.GetString(body.Span)))
        {
            if (field.DecodeName().Span.SequenceEqual("payload"))
            {
                return Encoding.UTF8.GetBytes(field.DecodeValue().ToString());
            }
        }

        throw new MalformedDeliveryException("The form has no field 'payload'.");
    }
}
