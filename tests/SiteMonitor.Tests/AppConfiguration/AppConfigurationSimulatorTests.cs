using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Data.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

/// <summary>The simulated store is as strict as the real one: what the client never sends is refused all the same.</summary>
public sealed class AppConfigurationSimulatorTests : IAsyncLifetime
{
    private const string Version = "api-version=2023-11-01";

    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/kv/k", "api-version")]
    [InlineData("/kv/k?api-version=2022-01-01", "api-version")]
    [InlineData("/kv/a%25b?" + Version, "key")]
    [InlineData("/kv/k?$Select=colour&" + Version, "$Select")]
    [InlineData("/kv?after=!&" + Version, "after")]
    [InlineData("/kv?tags=alone&" + Version, "tags")]
    public async Task A_Wrong_Part_Of_The_Address_Is_Refused_By_Name(string address, string name)
    {
        Response refused = await Send(RequestMethod.Get, address);

        Assert.Equal(400, refused.Status);
        Assert.StartsWith("application/problem+json", refused.Headers.ContentType, StringComparison.Ordinal);
        Assert.Equal(name, (string?)JsonNode.Parse(refused.Content)!["name"]);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("2023-10-01")]
    [InlineData("2023-11-01")]
    [InlineData("2024-09-01")]
    public async Task Each_Known_Version_Is_Accepted(string version) => Assert.Equal(404, (await Send(RequestMethod.Get, $"/kv/k?api-version={version}")).Status);

    [Theory]
    [InlineData("application/json", "{}", 200)]
    [InlineData("application/vnd.microsoft.appconfig.kv+json; charset=utf-8", """{"value":"v"}""", 200)]
    [InlineData("text/plain", "{}", 415)]
    [InlineData("", "{}", 415)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", """{"value":1}""", 400)]
    [InlineData("application/json", """{"tags":[]}""", 400)]
    public async Task A_Body_Must_Be_The_Json_Of_A_Key_Value(string contentType, string body, int status) =>
        Assert.Equal(status, (await Send(RequestMethod.Put, "/kv/k?" + Version, body, ("Content-Type", contentType))).Status);

    [Fact]
    public async Task A_Body_Over_Ten_Kilobytes_Is_Refused() => Assert.Equal(
        400, (await Send(RequestMethod.Put, "/kv/k?" + Version, $$"""{"value":"{{new string('v', 10 * 1024)}}"}""", ("Content-Type", "application/json"))).Status);

    [Fact]
    public async Task A_Slash_In_A_Key_May_Be_Encoded_Or_Not()
    {
        await _server.Client().SetConfigurationSettingAsync(".appconfig.featureflag/A", "v", cancellationToken: Cancellation);

        Assert.Equal(200, (await Send(RequestMethod.Get, "/kv/.appconfig.featureflag/A?" + Version)).Status);
        Assert.Equal(200, (await Send(RequestMethod.Get, "/kv/.appconfig.featureflag%2FA?label=%00&" + Version)).Status);
    }

    [Fact]
    public async Task An_ETag_Is_Quoted_In_The_Header_And_Bare_In_The_Body()
    {
        await _server.Client().SetConfigurationSettingAsync("k", "v", cancellationToken: Cancellation);

        Response answer = await Send(RequestMethod.Get, "/kv/k?" + Version);

        Assert.True(answer.Headers.TryGetValue("ETag", out string? header));
        Assert.Equal($"\"{(string?)JsonNode.Parse(answer.Content)!["etag"]}\"", header);
        Assert.Equal("application/vnd.microsoft.appconfig.kv+json; charset=utf-8", answer.Headers.ContentType);
        Assert.Equal(200, (await Send(RequestMethod.Get, "/kv/k?" + Version, headers: ("If-Match", header!))).Status);
        Assert.Equal(412, (await Send(RequestMethod.Get, "/kv/k?" + Version, headers: ("If-Match", "\"other\""))).Status);
        Assert.Equal(400, (await Send(RequestMethod.Get, "/kv/k?" + Version, headers: ("If-None-Match", "bare"))).Status);
    }

    [Theory]
    [InlineData("If-Match", 412)]
    [InlineData("If-None-Match", 200)]
    public async Task A_Star_Asks_Whether_There_Is_One(string header, int statusOnMissing)
    {
        Assert.Equal(statusOnMissing, (await Send(RequestMethod.Put, "/kv/k?" + Version, "{}", ("Content-Type", "application/json"), (header, "*"))).Status);
        await _server.Client().SetConfigurationSettingAsync("k", "v", cancellationToken: Cancellation);
        Assert.Equal(statusOnMissing == 412 ? 200 : 412, (await Send(RequestMethod.Put, "/kv/k?" + Version, "{}", ("Content-Type", "application/json"), (header, "*"))).Status);
    }

    [Theory]
    [InlineData("sandbox")]
    [InlineData("sandbox=?")]
    [InlineData("sandbox=MDox, sandbox=MTox")]
    public async Task A_Sync_Token_That_The_Store_Never_Issued_Is_Refused(string token) =>
        Assert.Equal(400, await StatusWithSyncToken(token));

    [Theory]
    [InlineData("sandbox=MDox")]
    [InlineData("sandbox=MDox;sn=1, other=anything")]
    public async Task A_Sync_Token_Is_Accepted_With_And_Without_Number(string token) =>
        Assert.Equal(404, await StatusWithSyncToken(token));

    [Theory]
    [InlineData(null, "HMAC-SHA256, Bearer")]
    [InlineData("HMAC-SHA256 Credential=sandbox", "is required")]
    [InlineData("HMAC-SHA256 Credential=other&SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=YQ==", "Signed request header 'x-ms-date'")]
    [InlineData("HMAC-SHA256 Credential=sandbox&SignedHeaders=date;host&Signature=YQ==", "x-ms-content-sha256 is required")]
    public async Task An_Unsigned_Request_Is_Told_Why(string? authorization, string reason)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_server.Endpoint, "/kv/k?" + Version));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage refused = await http.SendAsync(request, Cancellation);

        Assert.Equal(401, (int)refused.StatusCode);
        Assert.Contains(reason, refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The client would replace the header by its own: so this request is signed by hand.
    private async Task<int> StatusWithSyncToken(string token)
    {
        string[] parts = [.. _server.ConnectionString.Split(';').Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..])];
        const string address = "/kv/k?" + Version;
        string date = _server.Clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture), hash = Convert.ToBase64String(SHA256.HashData([]));
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(parts[2]), Encoding.ASCII.GetBytes($"GET\n{address}\n{date};{_server.Endpoint.Authority};{hash}"));
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_server.Endpoint, address));
        request.Headers.TryAddWithoutValidation("Date", date);
        request.Headers.TryAddWithoutValidation("x-ms-content-sha256", hash);
        request.Headers.TryAddWithoutValidation("Sync-Token", token);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"HMAC-SHA256 Credential={parts[1]}&SignedHeaders=date;host;x-ms-content-sha256&Signature={Convert.ToBase64String(signature)}");
        using HttpResponseMessage answer = await http.SendAsync(request, Cancellation);
        return (int)answer.StatusCode;
    }

    /// <summary>Signed by the client's own pipeline.</summary>
    private async Task<Response> Send(RequestMethod method, string address, string? body = null, params (string Name, string Value)[] headers)
    {
        ConfigurationClient client = _server.Client();
        using Request request = client.Pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri(_server.Endpoint, address));
        request.Content = body is null ? null : RequestContent.Create(BinaryData.FromString(body));
        foreach ((string name, string value) in headers.Where(h => h.Value.Length > 0))
        {
            request.Headers.SetValue(name, value);
        }

        return await client.Pipeline.SendRequestAsync(request, Cancellation);
    }
}
