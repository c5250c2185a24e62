using System.Security.Cryptography;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Integrations.GitHub.Issues;

namespace SiteMonitor.Tests.Integrations.GitHub.Sandbox;

public sealed class SandboxTrackerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Whole_Run_Costs_Five_Requests_And_Leaves_The_Issue_Ready()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueView before = test.Server.Issues(SeedCatalogue.Repository).First(i => i.IsOpen && !i.IsPullRequest && i.Labels is ["site-monitor"]);

        await CallCountTests.RunAsync(test.Tracker, SandboxTracker.Issue(before.Number));

        IssueView after = test.Server.Issue(before.Number)!;
        Assert.Equal(["copilot-assigned", "osint-researcher"], after.Labels.Order());
        Assert.Contains(after.Assignees, CopilotLogin.IsCopilot);
        Assert.Equal(before.Body + "\n\nguidance", after.Body);
        Assert.Single(after.Comments);
        Assert.Equal(5 + 1, test.Server.Stats.GitHubRequests);
        Assert.Equal(new Usage { GitHubReads = 2, GitHubWrites = 3, GitHubExtra = 1, CopilotSessions = 1 }, test.Usage);
    }

    [Fact]
    public async Task Every_Finding_Is_Read_As_It_Is()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        foreach (IssueView issue in test.Server.Issues(SeedCatalogue.Repository))
        {
            IssueSnapshot read = (await test.Tracker.ReadAsync(SandboxTracker.Issue(issue.Number), Token)).Value!;
            Assert.Equal((issue.Title, issue.NodeId, issue.IsOpen, issue.IsPullRequest), (read.Title, read.NodeId, read.IsOpen, read.IsPullRequest));
            Assert.Equal(issue.Labels.Order(), read.Labels.Order());
            Assert.Equal(issue.IsPullRequest ? string.Empty : issue.Body, read.Body);
        }
    }

    [Fact]
    public async Task A_Persons_Edit_Between_Our_Read_And_Our_Write_Shows_In_The_Answer()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;
        test.Server.Perform(new UserAction { Do = UserActionKind.AppendToBody, Number = issue.Number, Text = "\nA person's line" });

        IssueSnapshot written = (await test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { Body = read.Body + "\nours" }, Token)).Value!;

        Assert.Equal([true, false], written.Edits.Take(2).Select(e => e.ByUs));
        Assert.Equal(read.Body + "\nours", written.Edits[0].BodyAfter);
        Assert.EndsWith("A person's line", written.Edits[1].BodyAfter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_Comment_Is_Found_Again_And_Changed_In_Place()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        test.Server.Perform(new UserAction { Do = UserActionKind.Comment, Number = issue.Number, Text = "a person's" });
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;
        await test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { Comment = new CommentChange("first") }, Token);

        OwnComment own = Assert.Single((await test.Tracker.ReadAsync(issue, Token)).Value!.OwnComments);
        await test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { Comment = new CommentChange("second", own.NodeId) }, Token);

        Assert.Equal(["a person's", "second"], test.Server.Issue(issue.Number)!.Comments.Select(c => c.Body));
    }

    [Fact]
    public async Task Closing_Is_As_Completed_And_A_Merged_Pull_Request_Names_What_It_Closes()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        IssueView pull = test.Server.Perform(new UserAction { Do = UserActionKind.Merge, Number = issue.Number })!;
        int number = pull.IsPullRequest ? pull.Number : test.Server.Issues(SeedCatalogue.Repository).Where(i => i.IsPullRequest).Max(i => i.Number);
        IssueRef other = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(other, Token)).Value!;

        IssueSnapshot closed = (await test.Tracker.ApplyAsync(other, read.NodeId, new IssueChange { AddLabels = ["completed"], Close = true }, Token)).Value!;

        Assert.Contains(issue, (await test.Tracker.ReadClosingIssuesAsync(issue.Repository, number, Token)).Value!);
        Assert.Equal((false, CloseReason.Completed), (closed.IsOpen, closed.ClosedAs!.Value));
    }

    [Fact]
    public async Task Candidates_Are_All_Open_Issues_With_The_Labels_Urgent_First()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        RepositoryRef repository = RepositoryRef.Parse(SeedCatalogue.Repository);
        CandidateQuery query = new(repository, ["site-monitor", "osint-researcher"], 1000);

        IReadOnlyList<Candidate> found = (await test.Tracker.ListCandidatesAsync(query, Token)).Value!;
        await test.Tracker.ListCandidatesAsync(query, Token);

        int[] expected =
        [
            .. test.Server.Issues(SeedCatalogue.Repository)
                .Where(i => i.IsOpen && !i.IsPullRequest && i.Labels.Intersect(query.Labels, StringComparer.OrdinalIgnoreCase).Any())
                .Select(i => i.Number),
        ];
        Assert.Equal(expected.Order(), found.Select(c => c.Ref.Number).Order());
        Assert.Equal(found.Count(c => c.Labels.Contains("urgent")), found.TakeWhile(c => c.Labels.Contains("urgent")).Count());
        Assert.All(
            found.Where(c => !c.Labels.Contains("urgent")).GroupBy(c => c.Author),
            author => Assert.Equal(author.OrderBy(c => c.CreatedAt).ThenBy(c => c.Ref.Number), author));
        Assert.Equal(3, test.Server.Stats.NotModified);
    }

    [Fact]
    public async Task A_Label_Nobody_Made_Yet_Is_Created()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;

        IssueSnapshot written = (await test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { AddLabels = ["brand-new-specialist"], RemoveLabels = ["never-heard-of"] }, Token)).Value!;

        Assert.Contains("brand-new-specialist", written.Labels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Own_Logins_Are_Those_That_Deliveries_Name_As_Sender(bool app)
    {
        using RSA key = RSA.Create(2048);
        SandboxServer server = await SandboxTracker.StartAsync(o => o with { Credentials = o.Credentials with { AppPublicKey = key.ExportRSAPublicKeyPem() } });
        (string, string)[] settings = app
            ? [("Token", ""), ("AppId", "4711"), ("InstallationId", "815"), ("PrivateKey", key.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\\n"))]
            : [];
        await using SandboxTracker test = SandboxTracker.For(server, settings);
        IssueRef issue = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;
        IssueSnapshot written = (await test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { Body = "ours", Comment = new CommentChange("c") }, Token)).Value!;

        IReadOnlySet<string> logins = await test.Tracker.GetOwnLoginsAsync(Token);

        Assert.Equal([app ? "sitemonitor[bot]" : "sitemonitor-bot"], logins);
        Assert.True(written.Edits[0].ByUs);
        Assert.Single(written.OwnComments);
        Assert.Contains(test.Server.Writes[^1].By, logins);
    }

    [Fact]
    public async Task A_Write_Whose_Answer_Was_Lost_Is_Transient_And_Seen_By_The_Next_Read()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;
        test.Server.Inject(new FaultRule { Match = "mutation", Effect = FaultEffect.Reset, AfterWork = true });

        await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Contains("analyzing", (await test.Tracker.ReadAsync(issue, Token)).Value!.Labels);
    }

    [Theory]
    [InlineData(FaultEffect.PrimaryLimit)]
    [InlineData(FaultEffect.SecondaryLimit)]
    [InlineData(FaultEffect.TooManyRequests)]
    public async Task Each_Kind_Of_Rate_Limit_Is_A_Value(FaultEffect limit)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        test.Server.Inject(new FaultRule { Match = "github", Effect = limit, RetryAfter = 30 });
        Assert.InRange(((await test.Tracker.ReadAsync(SandboxTracker.Issue(1), Token)).RetryAt!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, 25, 3601);
        Assert.True((await test.Tracker.ReadAsync(SandboxTracker.Issue(1), Token)).IsRateLimited);
        Assert.Equal(1, test.Server.Stats.GitHubRequests);
    }

    [Theory]
    [InlineData(FaultEffect.ServerError, "github-server-error")]
    [InlineData(FaultEffect.BadGateway, "github-server-error")]
    [InlineData(FaultEffect.Garbage, "github-garbled-answer")]
    [InlineData(FaultEffect.Reset, "github-unreachable")]
    [InlineData(FaultEffect.FieldError, "github-server-error")]
    [InlineData(FaultEffect.BadCredentials, "github-unauthorized")]
    public async Task Each_Fault_Of_A_Write_Has_Its_Code(FaultEffect effect, string code)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueRef issue = OpenIssue(test);
        IssueSnapshot read = (await test.Tracker.ReadAsync(issue, Token)).Value!;
        test.Server.Inject(new FaultRule { Match = "addLabelsToLabelable", Effect = effect });

        PipelineException failure = await Assert.ThrowsAnyAsync<PipelineException>(() => test.Tracker.ApplyAsync(issue, read.NodeId, new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal(code, failure.Code);
    }

    private static IssueRef OpenIssue(SandboxTracker test) =>
        SandboxTracker.Issue(test.Server.Issues(SeedCatalogue.Repository).First(i => i.IsOpen && !i.IsPullRequest && i.Labels.Contains("site-monitor")).Number);
}
