using System.Text;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Http;

/// <summary>A complete response, so that its ETag can be computed and it can be discarded.</summary>
internal sealed record SimulatedResponse(int Status, byte[] Body, string ContentType)
{
    private const string Json = "application/json; charset=utf-8";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a response with status 200 carries GraphQL errors.</summary>
    public bool HasGraphErrors { get; init; }

    public static SimulatedResponse Of(JsonNode body, int status = 200) => new(status, WireJson.Bytes(body), Json);

    public static SimulatedResponse Empty(int status) => new(status, [], "");

    public static SimulatedResponse Text(int status, string contentType, string text) =>
        new(status, Encoding.UTF8.GetBytes(text), contentType);

    public static SimulatedResponse Error(int status, string message, string documentation = "https://docs.github.com/rest") => Of(
        new JsonObject
        {
            ["message"] = message,
            ["documentation_url"] = documentation,
            ["status"] = status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        status);

    /// <summary>Creates a refusal in the format of REST.</summary>
    public static SimulatedResponse Rest(GitHubErrorException refusal)
    {
        if (refusal.Location is { } location)
        {
            return Error(refusal.Status, refusal.Message) with { Headers = new Dictionary<string, string> { ["location"] = location } };
        }

        if (refusal.Errors.Count == 0)
        {
            return Error(refusal.Status, refusal.Status == 404 ? "Not Found" : refusal.Message);
        }

        JsonArray errors = [];
        foreach (FieldError error in refusal.Errors)
        {
            JsonObject entry = new() { ["resource"] = error.Resource, ["field"] = error.Field, ["code"] = error.Code };
            if (error.Value is not null)
            {
                entry["value"] = error.Value;
            }

            if (error.Code == "custom")
            {
                entry["message"] = error.Message;
            }

            errors.Add((JsonNode)entry);
        }

        return Of(
            new JsonObject
            {
                ["message"] = "Validation Failed",
                ["errors"] = errors,
                ["documentation_url"] = "https://docs.github.com/rest",
                ["status"] = "422",
            },
            refusal.Status);
    }
}
