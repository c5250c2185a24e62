using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

public sealed class CopilotCheckTests
{
    [Theory]
    [InlineData("copilot-swe-agent", "Bot", FindingLevel.Ok)]
    [InlineData("octocat", "User", FindingLevel.Failure)]
    public async Task Whether_GitHub_Offers_The_Agent_Is_Said_For_Each_Repository(string login, string type, FindingLevel expected)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Suggests(login, type));

        IReadOnlyList<Finding> findings = await CheckUnderTest.LookAsync<CopilotCheck>(gitHub, ("Repositories", "octo-org/site,octo-org/shop"));

        Assert.Equal([expected, expected], findings.Select(f => f.Level));
        Assert.All(gitHub.Seen, r => Assert.Equal("Bearer user-token", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Without_A_Seat_The_Advice_Says_What_Is_Missing_And_What_Happens_Until_Then()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Suggests("octocat", "User"));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<CopilotCheck>(gitHub));

        Assert.Contains("Copilot seat", finding.Advice, StringComparison.Ordinal);
        Assert.Contains("wait for a person", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Repository_That_Cannot_Be_Looked_At_Does_Not_Hide_The_Others()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(r => r.Body.Contains("\"hidden\"", StringComparison.Ordinal)
            ? new FakeResponse(200, """{"data":{"repository":null},"errors":[{"type":"NOT_FOUND","path":["repository"],"message":"Could not resolve"}]}""")
            : Suggests("copilot-swe-agent", "Bot"));

        IReadOnlyList<Finding> findings = await CheckUnderTest.LookAsync<CopilotCheck>(gitHub, ("Repositories", "octo-org/hidden,octo-org/site"));

        Assert.Equal([FindingLevel.Failure, FindingLevel.Ok], findings.Select(f => f.Level));
        Assert.StartsWith("octo-org/hidden: ", findings[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rate_Limit_Is_No_Failure_And_Says_When_To_Look_Again()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => new FakeResponse(429, "{}").With("retry-after", "60"));

        Finding finding = Assert.Single(await CheckUnderTest.LookAsync<CopilotCheck>(gitHub));

        Assert.Equal(FindingLevel.Warning, finding.Level);
        Assert.Contains("rate limit", finding.Detail, StringComparison.Ordinal);
    }

    private static FakeResponse Suggests(string login, string type) =>
        new(200, $$"""{"data":{"repository":{"id":"R_1","suggestedActors":{"nodes":[{"__typename":"{{type}}","id":"BOT_1","login":"{{login}}"}]} } } }""");
}
