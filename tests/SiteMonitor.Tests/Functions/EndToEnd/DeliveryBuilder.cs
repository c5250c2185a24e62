using System.Text;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A delivery as GitHub sends it, to be spoiled where a test wants it.</summary>
internal sealed class DeliveryBuilder
{
    private readonly JsonObject _payload = new()
    {
        ["action"] = "labeled",
        ["repository"] = new JsonObject { ["full_name"] = PipelineApp.Repository },
        ["sender"] = new JsonObject { ["login"] = "mona-lisa" },
    };

    public string Event { get; set; } = "issues";

    public string Id { get; set; } = Guid.NewGuid().ToString();

    public string Secret { get; set; } = PipelineApp.Secret;

    public static DeliveryBuilder Labeled(int number, string label, params string[] labels)
    {
        DeliveryBuilder builder = new();
        builder._payload["issue"] = Issue(number, "open", labels.Length == 0 ? [label] : labels);
        builder._payload["label"] = new JsonObject { ["name"] = label };
        return builder;
    }

    public static DeliveryBuilder Of(string eventName, JsonObject payload)
    {
        DeliveryBuilder builder = new() { Event = eventName };
        foreach ((string name, JsonNode? value) in payload)
        {
            builder._payload[name] = value?.DeepClone();
        }

        return builder;
    }

    public DeliveryBuilder With(string name, JsonNode? value)
    {
        _payload[name] = value;
        return this;
    }

    public string Json() => _payload.ToJsonString();

    public HttpRequestMessage Build() => Build(Encoding.UTF8.GetBytes(Json()));

    public HttpRequestMessage Build(byte[] body, byte[]? signedBody = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "api/github/webhook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", Event);
        request.Headers.Add("X-GitHub-Delivery", Id);
        request.Headers.Add(WebhookSignature.HeaderName, WebhookSignature.Sign(Secret, signedBody ?? body));
        return request;
    }

    public static JsonObject Issue(int number, string state, IEnumerable<string> labels, string? reason = null) => new()
    {
        ["number"] = number,
        ["state"] = state,
        ["state_reason"] = reason,
        ["labels"] = new JsonArray([.. labels.Select(l => (JsonNode)new JsonObject { ["name"] = l })]),
    };
}
