using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Integrations.Http;

internal sealed record FakeResponse(int Status, string Body, string ContentType = "application/json; charset=utf-8")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Cuts the connection instead of answering.</summary>
    public bool Aborts { get; init; }

    public static FakeResponse Broken { get; } = new(0, string.Empty) { Aborts = true };

    public static FakeResponse Ok(JsonNode body) => new(200, body.ToJsonString());

    public FakeResponse With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}
