using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>Parses webhook deliveries. Strict about the members that an event needs, and ignores all others.</summary>
public static class WebhookParser
{
    /// <summary>Unread members may be nested deeper than the parser's default of 64 levels.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100_000 };

    /// <summary>The actions on an issue that may start work, or that say what became of it.</summary>
    private static readonly string[] IssueActions = ["labeled", "unlabeled", "opened", "reopened", "closed", "unassigned"];

    private static readonly string[] MemberAssociations = ["OWNER", "MEMBER", "COLLABORATOR"];

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
        Issue = ReadIssue(root.Required("issue"), delivery.Action),
        Label = delivery.Action switch
        {
            "labeled" => root.Required("label").Required("name").GetText(),
            // GitHub leaves the label out when it was deleted from the repository.
            "unlabeled" => root.Optional("label")?.Required("name").GetText(),
            _ => null,
        },
        Unassigned = delivery.Action == "unassigned" ? root.Find("assignee")?.Find("login")?.FindText() : null,
    };

    private static WebhookDelivery ReadPullRequest(WebhookDelivery delivery, PayloadNode root)
    {
        PayloadNode pullRequest = root.Required("pull_request");
        RepositoryRef repository = ReadRepository(root.Required("repository"));
        return delivery with
        {
            Repository = repository,
            PullRequest = new WebhookPullRequest(
                pullRequest.Required("number").GetPositiveInteger(),
                pullRequest.Optional("merged")?.GetBoolean() ?? false,
                pullRequest.Find("user")?.Find("login")?.FindText() ?? string.Empty,
                MemberAssociations.Contains(pullRequest.Find("author_association")?.FindText()),
                ClosingReferences.Find(pullRequest.Find("body")?.FindText(), repository)),
        };
    }

    /// <remarks>GitHub's schema of the payloads requires neither labels nor state.</remarks>
    private static WebhookIssue ReadIssue(PayloadNode issue, string action) => new(
        issue.Required("number").GetPositiveInteger(),
        [.. (issue.Optional("labels")?.Items() ?? []).Select(label => label.Required("name").GetText())],
        issue.Optional("state")?.GetText() switch
        {
            "open" => true,
            "closed" => false,
            null => action != "closed",
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

/// <summary>A delivery that GitHub would not send: answered with 400 and this message, which never has a value.</summary>
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
