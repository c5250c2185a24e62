using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub.SignIn;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.SignIn;

public sealed class AppCredentialsTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly RSA _key = RSA.Create(2048);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_Apps_Own_Token_Is_Signed_And_Short_Lived()
    {
        DateTimeOffset now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        string[] parts = AppJwt.Create("Iv1.abc", _key, now).Split('.');

        Assert.True(_key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("RS256", (string)Decode(parts[0])["alg"]!);
        JsonObject claims = Decode(parts[1]);
        Assert.Equal("Iv1.abc", (string)claims["iss"]!);
        Assert.Equal(now.ToUnixTimeSeconds() - 60, (long)claims["iat"]!);
        Assert.InRange((long)claims["exp"]! - (long)claims["iat"]!, 1, 600);
    }

    [Fact]
    public async Task An_Installation_Token_Is_Fetched_Once_And_Counted_As_Extra()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ServeAsync(TimeSpan.FromHours(1)), Settings());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)));

        RecordedRequest fetch = Assert.Single(test.Server.Seen, r => r.Path == "/api/v3/app/installations/42/access_tokens");
        Assert.Equal(3, fetch.Headers["Authorization"]["Bearer ".Length..].Split('.').Length);
        Assert.All(test.Server.Seen.Where(r => r.Operation.Length > 0), r => Assert.Equal("Bearer ghs_1", r.Headers["Authorization"]));
        Assert.Equal((8, 1), (test.Usage.GitHubReads, test.Usage.GitHubExtra));
    }

    [Fact]
    public async Task A_Token_About_To_End_Is_Renewed()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ServeAsync(TimeSpan.FromMinutes(4)), Settings());

        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        Assert.Equal(2, test.Server.Seen.Count(r => r.Operation.Length == 0));
        Assert.Equal("Bearer ghs_2", test.Server.Seen[^1].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_Revoked_Token_Is_Fetched_Anew_With_The_Next_Try()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ServeAsync(TimeSpan.FromHours(1), revoked: "Bearer ghs_1"), Settings());

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));
        Assert.Equal("github-token-refused", failure.Code);
        Assert.False((await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).IsRateLimited);
    }

    [Fact]
    public async Task An_App_That_GitHub_Does_Not_Know_Fails_With_What_To_Check()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(_ => new FakeResponse(401, """{"message":"A JSON web token could not be decoded"}""")), Settings());

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal("github-app-sign-in", failure.Code);
        Assert.Contains("GitHub:PrivateKey", failure.Message, StringComparison.Ordinal);
        Assert.Equal(new Usage { GitHubExtra = 1 }, test.Usage);
    }

    private static JsonObject Decode(string part) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(part))!;

    private static Task<FakeServer> ServeAsync(TimeSpan lifetime, string? revoked = null)
    {
        int fetched = 0;
        return FakeServer.StartAsync(request =>
        {
            if (request.Operation.Length > 0)
            {
                return request.Headers["Authorization"] == revoked ? new FakeResponse(401, """{"message":"Bad credentials"}""") : GitHubJson.Read(request, GitHubJson.Issue());
            }

            string ends = (TimeProvider.System.GetUtcNow() + lifetime).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return new FakeResponse(201, $$"""{"token":"ghs_{{Interlocked.Increment(ref fetched)}}","expires_at":"{{ends}}"}""");
        });
    }

    private (string Name, string Value)[] Settings() =>
        [("Token", ""), ("AppId", "1"), ("InstallationId", "42"), ("PrivateKey", _key.ExportRSAPrivateKeyPem())];
}
