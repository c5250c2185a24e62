using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

/// <summary>What people do to an issue on GitHub while a run works on it.</summary>
public sealed class UnavailableIssueTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Causes => new()
    {
        { SkipCodes.IssueGone, """{"repository":{"id":"R_1","nameWithOwner":"octo-org/site","issueOrPullRequest":null}}""" },
        { SkipCodes.RepositoryArchived, """{"repository":{"id":"R_1","isArchived":true,"issueOrPullRequest":null}}""" },
        { SkipCodes.IssuesDisabled, """{"repository":{"id":"R_1","hasIssuesEnabled":false,"issueOrPullRequest":null}}""" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task The_Cause_Of_A_Missing_Issue_Has_A_Code_Of_Its_Own(string code, string data)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => Missing(data)));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal(code, failure.Code);
        Assert.True(SkipCodes.IsUnavailable(failure.Code));
        Assert.Single(test.Server.Seen);
    }

    [Theory]
    [InlineData("isArchived", true, SkipCodes.RepositoryArchived)]
    [InlineData("hasIssuesEnabled", false, SkipCodes.IssuesDisabled)]
    [InlineData("nameWithOwner", null, SkipCodes.IssueTransferred)]
    public async Task An_Issue_That_Is_Shown_And_Cannot_Be_Written_Is_Unavailable_Too(string member, bool? value, string code)
    {
        JsonObject issue = GitHubJson.Issue("site-monitor");
        issue["repository"] = new JsonObject { ["nameWithOwner"] = "octo-org/elsewhere" };
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            GitHubJson.ReadIn(r, issue, repository => repository[member] = value is { } flag ? flag : "octo-org/site")));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public async Task A_Repository_That_Is_Not_There_Is_A_Failure_Of_The_Settings()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ =>
            GitHubJson.Error("NOT_FOUND", field: "repository", data: new JsonObject { ["repository"] = null })));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal("github-not-found", failure.Code);
    }

    [Theory]
    [InlineData("add", "NOT_FOUND")]
    [InlineData("body", "NOT_FOUND")]
    [InlineData("body", "FORBIDDEN")]
    [InlineData("remove", "UNPROCESSABLE")]
    public async Task A_Refused_Write_Finds_The_Cause_With_One_Fresh_Read(string field, string type)
    {
        bool isGone = false;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" when isGone => Missing("""{"repository":{"id":"R_1","issueOrPullRequest":null}}"""),
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            _ => GitHubJson.PartlyRefused(r, GitHubJson.Issue(), type, field),
        }));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        isGone = true;
        IssueChange change = new() { Body = "b", AddLabels = ["processing"], RemoveLabels = ["site-monitor"] };

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() =>
            test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token));

        Assert.Equal(SkipCodes.IssueGone, failure.Code);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 1, GitHubExtra = 1 }, test.Usage);
    }

    [Fact]
    public async Task A_Hundred_Labels_Are_The_Reason_That_Is_Given()
    {
        JsonObject full = GitHubJson.Issue([.. Enumerable.Range(0, 99).Select(i => $"label-{i}"), "site-monitor"]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "ReadIssue" ? GitHubJson.Read(r, full) : GitHubJson.PartlyRefused(r, full, "UNPROCESSABLE", "add")));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() =>
            test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal("issue-label-limit", failure.Code);
        Assert.Contains("100 labels", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, new[] { "site-monitor" })]
    [InlineData(true, new[] { "site-monitor" })]
    [InlineData(true, new[] { "urgent", "site-monitor" })]
    [InlineData(true, new[] { "SITE-MONITOR" })]
    public async Task What_A_Delivery_Has_Shown_Is_Read_Again_Until_The_Replica_Has_It(bool isThere, string[] delivered)
    {
        int reads = 0;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => ++reads == 1
            ? isThere ? GitHubJson.Read(r, GitHubJson.Issue()) : Missing("""{"repository":{"issueOrPullRequest":null}}""")
            : GitHubJson.Read(r, GitHubJson.Issue("site-monitor", "urgent"))));

        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, new IssueObservation(delivered), Token)).Value!;

        Assert.Equal(["site-monitor", "urgent"], read.Labels);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubExtra = 1 }, test.Usage);
    }

    [Fact]
    public async Task An_Issue_That_Stays_Missing_Is_Gone_After_The_Second_Read()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => Missing("""{"repository":{"issueOrPullRequest":null}}""")));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() =>
            test.Tracker.ReadAsync(TrackerUnderTest.Issue, new IssueObservation(["site-monitor"]), Token));

        Assert.Equal(SkipCodes.IssueGone, failure.Code);
        Assert.Equal(2, test.Server.Seen.Count);
    }

    [Fact]
    public async Task An_Issue_That_Is_Null_Without_An_Error_Is_Gone_Too()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Data(new JsonObject
        {
            ["viewer"] = new JsonObject { ["login"] = "monitor-app[bot]" },
            ["repository"] = new JsonObject { ["id"] = "R_1", ["nameWithOwner"] = "octo-org/site", ["issueOrPullRequest"] = null },
        })));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal(SkipCodes.IssueGone, failure.Code);
    }

    [Theory]
    [InlineData("""{"repository":null}""", "NOT_FOUND")]
    [InlineData("""{"repository":{"id":"R_1","issueOrPullRequest":null}}""", "GONE")]
    [InlineData("""{"repository":{"id":"R_1","issueOrPullRequest":null}}""", null)]
    public async Task Whatever_Of_A_Delivered_Issue_A_Replica_Lacks_Is_Read_Again(string data, string? type)
    {
        int reads = 0;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => ++reads > 1
            ? GitHubJson.Read(r, GitHubJson.Issue("site-monitor"))
            : type is null ? GitHubJson.Data(JsonNode.Parse(data)!.AsObject()) : GitHubJson.Error(type, field: "repository", data: JsonNode.Parse(data)!.AsObject())));

        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, new IssueObservation(["site-monitor"]), Token)).Value!;

        Assert.Equal(["site-monitor"], read.Labels);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubExtra = 1 }, test.Usage);
    }

    [Theory]
    [InlineData("closedByPullRequestsReferences")]
    [InlineData("closedByPullRequestsReferences", "nodes", 0)]
    public async Task Pull_Requests_That_The_Credential_May_Not_See_Hinder_No_Read(params object[] path)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
        {
            JsonObject issue = GitHubJson.Issue("site-monitor");
            issue["closedByPullRequestsReferences"] = path.Length > 1 ? GitHubJson.Nodes([]) : null;
            JsonObject answer = JsonNode.Parse(GitHubJson.Read(r, issue).Body)!.AsObject();
            answer["errors"] = new JsonArray(new JsonObject
            {
                ["type"] = "FORBIDDEN",
                ["message"] = "Resource not accessible by integration",
                ["path"] = new JsonArray(["repository", "issueOrPullRequest", .. path.Select(part => part is int i ? (JsonNode)i : (string)part)]),
            });
            return FakeResponse.Ok(answer);
        }));

        Assert.Equal(["site-monitor"], (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!.Labels);
    }

    [Theory]
    [InlineData(97, 1, 1, false)]
    [InlineData(98, 3, 0, true)]
    [InlineData(98, 2, 1, true)]
    [InlineData(99, 1, 1, true)]
    public async Task Labels_That_Do_Not_All_Fit_Are_The_Reason_Although_The_Issue_Has_Fewer_Than_A_Hundred_Again(
        int after, int added, int removed, bool isLimit)
    {
        JsonObject shown = GitHubJson.Issue([.. Enumerable.Range(0, after).Select(i => $"label-{i}")]);
        string[] managed = ["analyzing", "processing", "osint-researcher"];
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "ReadIssue" ? GitHubJson.Read(r, shown) : GitHubJson.PartlyRefused(r, shown, "UNPROCESSABLE", "add")));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        IssueChange change = new() { AddLabels = [.. managed.Take(added)], RemoveLabels = removed > 0 ? ["threat-hunter"] : [] };

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() =>
            test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token));

        Assert.Equal(isLimit ? WaitCodes.LabelLimit : "github-unprocessable", failure.Code);
    }

    [Fact]
    public async Task A_Repository_That_Is_Hidden_During_A_Write_Is_Not_Tried_Again_And_Again()
    {
        bool isHidden = false;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" when !isHidden => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            "ReadIssue" => GitHubJson.Error("NOT_FOUND", field: "repository", data: new JsonObject { ["repository"] = null }),
            _ => GitHubJson.PartlyRefused(r, GitHubJson.Issue(), "NOT_FOUND", "add"),
        }));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        isHidden = true;

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() =>
            test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal("github-not-found", failure.Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public async Task Our_Comment_Is_Found_Behind_Those_Of_Others(int page)
    {
        int older = 0;
        MemoryLedger ledger = new();
        await ledger.AppendAsync(OldRun(TimeProvider.System.GetUtcNow().AddDays(-80)), Token);
        FakeServer server = await FakeServer.StartAsync(r =>
        {
            if (r.Operation == "ReadIssue")
            {
                return GitHubJson.Read(r, Discussed());
            }

            Assert.Equal($"cursor-{older}", (string?)r.Variables["before"]);
            older++;
            JsonObject comment = GitHubJson.Comment($"C_{older}", "text", ours: older == page);
            return GitHubJson.Data(new JsonObject { ["node"] = new JsonObject { ["comments"] = Comments($"cursor-{older}", comment) } });
        });
        await using TrackerUnderTest test = TrackerUnderTest.For(server, ledger);

        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        Assert.Equal($"C_{page}", Assert.Single(read.OwnComments).NodeId);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubExtra = 20 }, test.Usage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_A_Run_Of_The_Last_90_Days_No_Older_Comments_Are_Read(bool hadRunBefore)
    {
        MemoryLedger ledger = new();
        if (hadRunBefore)
        {
            await ledger.AppendAsync(OldRun(TimeProvider.System.GetUtcNow().AddDays(-91)), Token);
        }

        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(r => GitHubJson.Read(r, Discussed())), ledger);

        Assert.Empty((await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!.OwnComments);

        Assert.Equal(new Usage { GitHubReads = 1 }, test.Usage);
    }

    /// <summary>An issue with more comments than one read shows.</summary>
    private static JsonObject Discussed()
    {
        JsonObject issue = GitHubJson.Issue("site-monitor");
        issue["comments"] = Comments("cursor-0", GitHubJson.Comment("C_new", "theirs", ours: false));
        return issue;
    }

    /// <summary>A run that an older version recorded, without its comment.</summary>
    private static RunRecord OldRun(DateTimeOffset at) => new()
    {
        Version = RunRecord.CurrentVersion - 1,
        Kind = RunKind.Run,
        RunId = "old",
        Issue = TrackerUnderTest.Issue.Canonical,
        Trigger = TriggerNames.Webhook,
        Outcome = RunOutcome.Succeeded,
        Started = at,
        Ended = at,
    };

    private static JsonObject Comments(string cursor, JsonObject comment)
    {
        JsonObject comments = GitHubJson.Nodes([comment]);
        comments["pageInfo"] = new JsonObject { ["hasPreviousPage"] = true, ["startCursor"] = cursor };
        return comments;
    }

    private static FakeResponse Missing(string data) => FakeResponse.Ok(new JsonObject
    {
        ["data"] = JsonNode.Parse(data),
        ["errors"] = new JsonArray(new JsonObject
        {
            ["type"] = "NOT_FOUND",
            ["path"] = new JsonArray("repository", "issueOrPullRequest"),
            ["message"] = "Could not resolve to an issue or pull request with the number of 7.",
        }),
    });
}
