using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

public sealed class RepositoryCheckTests
{
    private const string Writer = """{"push":true,"triage":true}""";
    private const string Triager = """{"push":false,"triage":true}""";
    private const string Reader = """{"push":false,"triage":false,"pull":true}""";

    [Theory]
    [InlineData(Writer, Writer, FindingLevel.Ok, FindingLevel.Ok)]
    [InlineData(Triager, Writer, FindingLevel.Ok, FindingLevel.Ok)]
    [InlineData(Reader, Writer, FindingLevel.Failure, FindingLevel.Ok)]
    [InlineData(Writer, Triager, FindingLevel.Ok, FindingLevel.Failure)]
    public async Task Both_Tokens_Roles_Are_Looked_At_For_What_Each_Is_For(string work, string copilot, FindingLevel working, FindingLevel assigning)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(r => Repository(r.Headers["Authorization"] == "Bearer app-token" ? work : copilot));

        IReadOnlyList<Finding> findings = await CheckUnderTest.LookAsync<RepositoryCheck>(gitHub);

        Assert.Equal([working, assigning], findings.Select(f => f.Level));
        Assert.Contains("GitHub:Token", findings[0].Detail, StringComparison.Ordinal);
        Assert.Contains("GitHub:CopilotToken", findings[1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("repo, workflow", "true", FindingLevel.Ok)]
    [InlineData("public_repo", "false", FindingLevel.Ok)]
    [InlineData("public_repo", "true", FindingLevel.Failure)]
    [InlineData("gist", "false", FindingLevel.Failure)]
    public async Task A_Classic_Tokens_Scopes_Must_Reach_The_Repository(string scopes, string isPrivate, FindingLevel expected)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Repository(Writer, isPrivate).With("X-OAuth-Scopes", scopes));

        Assert.All(await CheckUnderTest.LookAsync<RepositoryCheck>(gitHub), f => Assert.Equal(expected, f.Level));
    }

    [Theory]
    [InlineData(""" "archived":true,"has_issues":true """, "archived")]
    [InlineData(""" "archived":false,"has_issues":false """, "Issues are switched off")]
    public async Task A_Repository_Nothing_Can_Be_Written_To_Is_A_Failure(string facts, string detail)
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => new FakeResponse(200, $$"""{"id":1,{{facts}},"permissions":{{Writer}} }"""));

        Assert.Contains(await CheckUnderTest.LookAsync<RepositoryCheck>(gitHub), f => f.Level == FindingLevel.Failure && f.Detail.Contains(detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_Token_For_Both_Is_Looked_At_Once()
    {
        await using FakeServer gitHub = await FakeServer.StartAsync(_ => Repository(Writer));

        Assert.Single(await CheckUnderTest.LookAsync<RepositoryCheck>(gitHub, ("CopilotToken", "")));
    }

    private static FakeResponse Repository(string permissions, string isPrivate = "true") =>
        new(200, $$"""{"id":1,"name":"site","full_name":"octo-org/site","private":{{isPrivate}},"archived":false,"has_issues":true,"permissions":{{permissions}} }""");
}
