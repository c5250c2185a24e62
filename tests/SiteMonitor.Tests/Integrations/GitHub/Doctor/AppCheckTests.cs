using System.Security.Cryptography;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

public sealed class AppCheckTests : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    [Theory]
    [InlineData("""{"issues":"write","pull_requests":"read"}""", "null", FindingLevel.Ok, "may read and write issues")]
    [InlineData("""{"issues":"read","pull_requests":"write"}""", "null", FindingLevel.Failure, "lacks Issues: read and write.")]
    [InlineData("""{"metadata":"read"}""", "null", FindingLevel.Failure, "lacks Issues: read and write and Pull requests: read.")]
    [InlineData("""{"issues":"write","pull_requests":"read"}""", "\"2026-05-01T00:00:00Z\"", FindingLevel.Failure, "suspended")]
    public async Task What_The_Installation_Was_Given_Is_Held_Against_What_Is_Needed(string permissions, string suspended, FindingLevel expected, string detail)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => new FakeResponse(200, $$"""{"id":42,"app_id":1,"permissions":{{permissions}},"events":[],"suspended_at":{{suspended}} }"""));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<AppCheck>(
            gitHub, ("Token", ""), ("AppId", "1"), ("InstallationId", "42"), ("PrivateKey", _key.ExportRSAPrivateKeyPem())));

        Assert.Equal(expected, finding.Level);
        Assert.Contains(detail, finding.Detail, StringComparison.Ordinal);
        Assert.Equal("/api/v3/app/installations/42", Assert.Single(gitHub.Seen).Path);
    }

    [Fact]
    public async Task Where_A_Token_Is_Used_There_Is_Nothing_To_Say()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => new FakeResponse(500, "{}"));

        Assert.Empty(await CheckUnderTest.LookAsync<AppCheck>(gitHub));
        Assert.Empty(gitHub.Seen);
    }

    public void Dispose() => _key.Dispose();
}
