using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SiteMonitor.Sandbox;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class AppSignInTests : IAsyncLifetime
{
    private readonly RSA _key = RSA.Create(2048);
    private SandboxServer _server = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync() => _server = await TestSandbox.StartAsync(
        o => o with { Credentials = new SandboxCredentials { AppPublicKey = _key.ExportSubjectPublicKeyInfoPem() } });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task A_Signed_Token_Buys_An_Installations_Token_Which_Writes_As_The_App()
    {
        SandboxResponse bought = await BuyAsync(Token(iss: _server.Credentials.AppId, iat: Now - 60, exp: Now + 300));
        using SandboxClient app = new(_server, bought.Json["token"]!.GetValue<string>());

        await app.CommentAsync(1, "from the app");
        SandboxResponse who = await app.GraphAsync(
            "query { viewer { login } repository(owner: \"octo-org\", name: \"watchtower\") { issue(number: 1) { comments(last: 1) { nodes { viewerDidAuthor author { login } } } } } }");

        Assert.Equal(HttpStatusCode.Created, bought.Status);
        Assert.Equal("sitemonitor[bot]", who.Json["data"]!["viewer"]!["login"]!.GetValue<string>());
        Assert.Equal(
            "sitemonitor", who.Json["data"]!["repository"]!["issue"]!["comments"]!["nodes"]![0]!["author"]!["login"]!.GetValue<string>());
        Assert.Equal("sitemonitor[bot]", Assert.Single(_server.Writes).By);
    }

    [Fact]
    public async Task An_Installation_Is_No_User_And_Cannot_Assign_Copilot()
    {
        SandboxResponse bought = await BuyAsync(Token(iss: _server.Credentials.AppId, iat: Now - 60, exp: Now + 300));
        using SandboxClient app = new(_server, bought.Json["token"]!.GetValue<string>());

        SandboxResponse user = await app.GetAsync("/user");
        SandboxResponse copilot = await app.PostAsync(
            $"{Repository}/issues/1/assignees", new { assignees = new[] { "copilot-swe-agent[bot]" } });

        Assert.Equal((HttpStatusCode.Forbidden, "Resource not accessible by integration"), (user.Status, user.Message));
        Assert.Equal(HttpStatusCode.Forbidden, copilot.Status);
        Assert.Empty(_server.Issue(1)!.Assignees);
    }

    [Fact]
    public async Task Tokens_That_Are_Too_Long_Lived_Expired_Foreign_Or_Forged_Are_Refused()
    {
        using RSA other = RSA.Create(2048);
        long app = _server.Credentials.AppId;

        Assert.Equal(HttpStatusCode.Unauthorized, (await BuyAsync(Token(app, Now - 60, Now + 3600))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BuyAsync(Token(app, Now - 600, Now - 60))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BuyAsync(Token(app, Now + 600, Now + 300))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await BuyAsync(Token(app + 1, Now - 60, Now + 300))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BuyAsync(Token(app, Now - 60, Now + 300, other))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BuyAsync("not.a.token")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await BuyAsync(Token(app, Now - 60, Now + 300), installation: 1)).Status);
    }

    private async Task<SandboxResponse> BuyAsync(string token, long? installation = null)
    {
        using SandboxClient app = new(_server, token);
        return await app.SendAsync(
            HttpMethod.Post, $"/app/installations/{installation ?? _server.Credentials.InstallationId}/access_tokens");
    }

    private string Token(long iss, long iat, long exp, RSA? key = null)
    {
        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        string signed = $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(new { iss, iat, exp })}";
        byte[] signature = (key ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
