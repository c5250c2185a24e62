using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

public sealed class SignInCheckTests
{
    [Theory]
    [InlineData("octocat", "octocat", 1)]
    [InlineData("octocat", "hubot", 0)]
    public async Task Two_Tokens_Of_One_User_Are_Warned_Of(string appLogin, string userLogin, int warnings)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(r => new FakeResponse(
            200,
            $$"""
            {"data": {"viewer": {"__typename": "User", "login": "{{(r.Headers["Authorization"] == "Bearer app-token" ? appLogin : userLogin)}}"} } }
            """));

        IReadOnlyList<Finding> findings = await CheckUnderTest.LookAsync<SignInCheck>(gitHub);

        Assert.Equal(warnings, findings.Count(f => f.Detail.Contains("two tokens of octocat", StringComparison.Ordinal)));
        Assert.Equal(2 + warnings, findings.Count);
    }
}
