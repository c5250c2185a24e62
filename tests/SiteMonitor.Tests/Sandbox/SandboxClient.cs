using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>Calls a sandbox as a caller of GitHub does.</summary>
internal sealed class SandboxClient : IDisposable
{
    public const string Repository = "/repos/octo-org/watchtower";

    private readonly HttpClient _http;

    public SandboxClient(SandboxServer server, string? token = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("sandbox-tests");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? server.Credentials.Token);
    }

    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    public static SandboxClient OfOperator(SandboxServer server) => new(server, server.Credentials.CopilotToken);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<SandboxResponse> SendAsync(
        HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, Cancellation);
        return await SandboxResponse.OfAsync(response, Cancellation);
    }

    public Task<SandboxResponse> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<SandboxResponse> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<SandboxResponse> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<SandboxResponse> GraphAsync(string query, object? variables = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/graphql", new { query, variables }, headers);

    public async Task<SandboxResponse> CommentAsync(int number, string body) => await GraphAsync(
        "mutation($id: ID!, $body: String!) { addComment(input: {subjectId: $id, body: $body}) { commentEdge { node { id } } } }",
        new { id = await IssueIdAsync(number), body });

    /// <summary>Returns the node id of an issue of the seeds.</summary>
    public async Task<string> IssueIdAsync(int number) =>
        (await GetAsync($"{Repository}/issues/{number}")).Json["node_id"]!.GetValue<string>();

    public async Task<string> LabelIdAsync(string name) =>
        (await GetAsync($"{Repository}/labels/{Uri.EscapeDataString(name)}")).Json["node_id"]!.GetValue<string>();

    public async Task<JsonNode> DataAsync(string query, object? variables = null, params (string Name, string Value)[] headers)
    {
        SandboxResponse answer = await GraphAsync(query, variables, headers);
        Assert.False(answer.Json.AsObject().ContainsKey("errors"), answer.Text);
        return answer.Json["data"]!;
    }

    public void Dispose() => _http.Dispose();
}

internal static class ModelResponses
{
    /// <summary>Returns the JSON that the model wrote.</summary>
    public static JsonNode Content(this SandboxResponse answer) =>
        JsonNode.Parse(answer.Json["choices"]![0]!["message"]!["content"]!.GetValue<string>())!;
}

internal sealed record SandboxResponse(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["message"]!.GetValue<string>();

    public static async Task<SandboxResponse> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode,
        await response.Content.ReadAsStringAsync(cancellationToken),
        response.Headers.Concat(response.Content.Headers).ToDictionary(
            h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

    public string[] Names(string field) => [.. Json[field]!.AsArray().Select(n => (n!["name"] ?? n["login"])!.GetValue<string>())];

    /// <summary>Type of the first GraphQL error.</summary>
    public string ErrorType => Json["errors"]![0]!["type"]!.GetValue<string>();
}
