using System.Security.Cryptography;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

public sealed class WebhookCheckTests
{
    private const string Url = "https://func.example/api/github/webhook";
    private const string Right = $$"""{"url":"{{Url}}","content_type":"json","secret":"********","insecure_ssl":"0"}""";

    [Theory]
    [InlineData("false", """["issues","pull_request"]""", Right, "is switched off")]
    [InlineData("true", """["push"]""", Right, "does not send issues, pull_request")]
    [InlineData("true", """["issues"]""", Right, "does not send pull_request")]
    [InlineData("true", """["*"]""", """{"url":"https://func.example/api/github/webhook","content_type":"form","secret":"*"}""", "has a content type other than application/json")]
    [InlineData("true", """["*"]""", """{"url":"https://func.example/api/github/webhook","content_type":"json"}""", "has no secret")]
    [InlineData("true", """["*"]""", """{"url":"https://func.example/api/github/webhook","content_type":"json","secret":"*","insecure_ssl":"1"}""", "does not check certificates")]
    public async Task Each_Fault_Is_Named_And_The_Advice_Says_What_Is_Right(string active, string events, string config, string fault)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Hooks(active, events, config));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<WebhookCheck>(gitHub));

        Assert.Equal(FindingLevel.Failure, finding.Level);
        Assert.Contains(fault, finding.Detail, StringComparison.Ordinal);
        Assert.Contains("application/json, events issues and pull requests, the secret of GitHub:WebhookSecret", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Right_One_Is_Named_By_Its_Host()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Hooks("true", """["issues","pull_request"]""", Right));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<WebhookCheck>(gitHub));

        Assert.Equal(FindingLevel.Ok, finding.Level);
        Assert.Contains("func.example", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", 200, "has no webhook of its own")]
    [InlineData("""{"message":"Resource not accessible by personal access token"}""", 403, "may not list webhooks")]
    public async Task What_Cannot_Be_Seen_Is_A_Warning_With_What_To_Look_For(string answer, int status, string detail)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => new FakeResponse(status, answer));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<WebhookCheck>(gitHub));

        Assert.Equal(FindingLevel.Warning, finding.Level);
        Assert.Contains(detail, finding.Detail, StringComparison.Ordinal);
        Assert.Contains("/api/github/webhook", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["issues","pull_request"]""", """{"url":"https://func.example/api/github/webhook","content_type":"json","secret":"*","insecure_ssl":0}""", FindingLevel.Ok)]
    [InlineData("""["push"]""", """{"url":"https://func.example/api/github/webhook","content_type":"json","secret":"*","insecure_ssl":0}""", FindingLevel.Failure)]
    public async Task An_Apps_Own_Webhook_Counts_For_All_Repositories(string events, string config, FindingLevel expected)
    {
        using RSA key = RSA.Create(2048);
        await using FakeServer gitHub = await FakeServer.StartAsync(r => r.Path.EndsWith("/app/hook/config", StringComparison.Ordinal)
            ? new FakeResponse(200, config)
            : new FakeResponse(200, $$"""{"id":42,"permissions":{"issues":"write"},"events":{{events}}}"""));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<WebhookCheck>(
            gitHub, ("Repositories", "octo-org/site,octo-org/shop"), ("Token", ""), ("AppId", "1"), ("InstallationId", "42"), ("PrivateKey", key.ExportRSAPrivateKeyPem())));

        Assert.Equal(expected, finding.Level);
        Assert.StartsWith("the App", finding.Detail, StringComparison.Ordinal);
    }

    private static FakeResponse Hooks(string active, string events, string config) => new(
        200,
        $$"""[{"id":1,"active":true,"events":["*"],"config":{"url":"https://elsewhere.example/hook","content_type":"form"} },{"id":2,"active":{{active}},"events":{{events}},"config":{{config}} }]""");
}
