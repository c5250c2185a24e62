using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class IssueWriterTests
{
    private const string Hostile = "\"}) { deleteIssue } ${x} \\ \u2028 @everyone closes #1\r\n🤖";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("settle1", "NOT_FOUND", true)]
    [InlineData("settle1", "FORBIDDEN", true)]
    [InlineData("settle0", "UNPROCESSABLE", true)]
    [InlineData("remove", "NOT_FOUND", false)]
    public async Task A_Settled_Comment_That_Is_Gone_Hinders_Nothing_Else(string field, string type, bool isDone)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
        {
            if (r.Operation == "ReadIssue")
            {
                return GitHubJson.Read(r, GitHubJson.Issue("processing"));
            }

            JsonObject answer = JsonNode.Parse(GitHubJson.Written(r, GitHubJson.Issue()).Body)!.AsObject();
            answer["errors"] = new JsonArray(new JsonObject { ["type"] = type, ["message"] = "Could not resolve to a node.", ["path"] = new JsonArray(field) });
            return FakeResponse.Ok(answer);
        }));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        IssueChange change = new() { RemoveLabels = ["processing"], ResolvedComments = [new CommentChange("one", "C_1"), new CommentChange("two", "C_2")] };

        Task<CallResult<IssueSnapshot>> written = test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token);

        Assert.Equal(isDone, await Record.ExceptionAsync(() => written) is null);
        Assert.Equal(isDone ? 2 : 3, test.Server.Seen.Count);
        Assert.Equal("C_2", (string?)test.Server.Seen[1].Variables["settle1"]!["id"]);
    }

    [Theory]
    [InlineData("comment", "LOCKED")]
    [InlineData("comment", "SOMETHING_NEW")]
    [InlineData("comment", "INSUFFICIENT_SCOPES")]
    [InlineData("edit", "SOMETHING_NEW")]
    public async Task A_Comment_That_Is_Refused_By_Whatever_Name_Is_A_Remark_And_The_Rest_Is_Done(string field, string type)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "ReadIssue" ? GitHubJson.Read(r, GitHubJson.Issue("processing")) : GitHubJson.PartlyRefused(r, GitHubJson.Issue(), type, field)));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        IssueChange change = new() { RemoveLabels = ["processing"], Comment = new CommentChange("text", field == "edit" ? "C_1" : null) };

        IssueSnapshot after = (await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token)).Value!;

        Assert.Empty(after.Labels);
        Assert.Contains(type, after.RefusedComment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("SERVICE_UNAVAILABLE")]
    [InlineData("INTERNAL")]
    public async Task A_Comment_That_GitHub_Could_Not_Write_Is_Tried_Again(string? type)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "ReadIssue" ? GitHubJson.Read(r, GitHubJson.Issue()) : GitHubJson.Error(type, field: "comment", data: [])));

        await Assert.ThrowsAsync<TransientFailureException>(() =>
            test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { Comment = new CommentChange("text") }, Token));
    }

    [Theory]
    [InlineData("add", new[] { "site-monitor", "analyzing" }, new[] { "L_site-monitor" })]
    [InlineData("add", new[] { "analyzing" }, new string[0])]
    [InlineData("remove", new[] { "site-monitor" }, new string[0])]
    [InlineData("body", new[] { "site-monitor" }, new string[0])]
    public async Task Lasting_Labels_That_Were_Removed_Although_Their_Successors_Were_Refused_Are_Added_Again(
        string refused, string[] removed, string[] restored)
    {
        List<RecordedRequest> writes = [];
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
        {
            if (r.Operation == "ReadIssue")
            {
                return GitHubJson.Read(r, GitHubJson.Issue("site-monitor", "analyzing"));
            }

            writes.Add(r);
            return writes.Count == 1 ? GitHubJson.PartlyRefused(r, GitHubJson.Issue(), "SERVICE_UNAVAILABLE", refused) : GitHubJson.Written(r, GitHubJson.Issue());
        }));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        IssueChange change = new() { Body = "b", AddLabels = ["osint-researcher", "processing"], RemoveLabels = removed };

        await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token));

        Assert.Equal(restored, writes.Skip(1).SelectMany(w => w.Variables["add"]!["labelIds"]!.AsArray().Select(id => (string)id!)));
        Assert.All(writes.Skip(1), w => Assert.Equal("I_7", (string?)w.Variables["add"]!["labelableId"]));
        Assert.Equal((1, writes.Count - 1), (test.Usage.GitHubWrites, test.Usage.GitHubExtra));
    }

    [Fact]
    public async Task Comments_May_Be_All_There_Is_To_Settle()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "ReadIssue" ? GitHubJson.Read(r, GitHubJson.Issue()) : GitHubJson.Written(r, GitHubJson.Issue())));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { ResolvedComments = [new CommentChange("one", "C_1")] }, Token);

        Assert.Equal("C_1", (string?)test.Server.Seen[1].Variables["edit"]!["id"]);
    }

    [Fact]
    public async Task Everything_Goes_Out_In_One_Request_With_Text_In_Variables_Only()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        await test.Tracker.ApplyAsync(
            TrackerUnderTest.Issue,
            "I_7",
            new IssueChange { Body = Hostile, AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor"], Comment = new CommentChange(Hostile), Close = true },
            Token);

        RecordedRequest write = test.Server.Seen[^1];
        Assert.Equal("ApplyChange", write.Operation);
        Assert.DoesNotContain("everyone", (string)write.Json["query"]!, StringComparison.Ordinal);
        Assert.Equal(Hostile, (string)write.Variables["body"]!["body"]!);
        Assert.Equal(Hostile, (string)write.Variables["comment"]!["body"]!);
        Assert.Equal("""["L_osint-researcher","L_processing"]""", write.Variables["add"]!["labelIds"]!.ToJsonString());
        Assert.Equal("""{"labelableId":"I_7","labelIds":["L_site-monitor"]}""", write.Variables["remove"]!.ToJsonString());
        Assert.Equal("COMPLETED", (string)write.Variables["close"]!["stateReason"]!);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 1 }, test.Usage);
    }

    [Fact]
    public async Task The_Answer_Shows_The_Issue_Afterwards_With_Its_Edits_And_Whose_They_Are()
    {
        JsonObject after = GitHubJson.Issue("osint-researcher");
        after["userContentEdits"] = GitHubJson.Nodes(
        [
            Edit("2026-01-01T00:00:01Z", "User", "monitor-app", "a person of our name"),
            Edit("2026-01-01T00:00:03Z", "Bot", "monitor-app", "ours"),
            Edit("2026-01-01T00:00:02Z", "User", "octocat", "a person's", deleted: true),
        ]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(after));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        IssueSnapshot snapshot = (await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { Body = "b", Comment = new CommentChange("c") }, Token)).Value!;

        Assert.Equal(["osint-researcher"], snapshot.Labels);
        Assert.Equal([true, false, false], snapshot.Edits.Select(e => e.ByUs));
        Assert.Equal(["ours", null, "a person of our name"], snapshot.Edits.Select(e => e.BodyAfter));
        Assert.Equal("C_new", Assert.Single(snapshot.OwnComments).NodeId);
    }

    [Fact]
    public async Task A_Known_Comment_Is_Changed_In_Place()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        IssueSnapshot snapshot = (await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { Comment = new CommentChange("new text", "C_old") }, Token)).Value!;

        Assert.Equal("""{"id":"C_old","body":"new text"}""", test.Server.Seen[^1].Variables["edit"]!.ToJsonString());
        Assert.Equal("C_old", Assert.Single(snapshot.OwnComments).NodeId);
    }

    [Fact]
    public async Task A_Label_The_Repository_Lacks_Is_Created_First()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(missing: "needs-review"));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["needs-review"] }, Token);
        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["needs-review"] }, Token);

        Assert.Equal(["ReadIssue", "CreateLabels", "ApplyChange", "ApplyChange"], test.Server.Seen.Select(r => r.Operation));
        Assert.Equal("needs-review", (string)test.Server.Seen[1].Variables["l0"]!["name"]!);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 2, GitHubExtra = 1 }, test.Usage with { WaitMs = 0 });
    }

    [Fact]
    public async Task A_Label_Created_By_Somebody_Else_At_The_Same_Moment_Is_Looked_Up_With_The_Next_Try()
    {
        bool created = false;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue(), created ? [] : ["needs-review"]),
            "ReadLabels" => GitHubJson.Data(new JsonObject { ["viewer"] = new JsonObject { ["login"] = "m[bot]" }, ["repository"] = GitHubJson.Labels(r) }),
            "CreateLabels" => GitHubJson.Error("UNPROCESSABLE", "Name has already been taken", "l0", []),
            _ => GitHubJson.Written(r, GitHubJson.Issue()),
        }));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        IssueChange change = new() { AddLabels = ["needs-review"] };

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token));
        created = true;
        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", change, Token);

        Assert.Equal("github-label-race", failure.Code);
        Assert.Equal("ApplyChange", test.Server.Seen[^1].Operation);
    }

    [Fact]
    public async Task A_Write_Without_A_Read_Before_Looks_Up_What_It_Needs()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());

        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"], RemoveLabels = ["business-analyst"] }, Token);

        Assert.Equal(["ReadLabels", "ApplyChange"], test.Server.Seen.Select(r => r.Operation));
        Assert.Equal(new Usage { GitHubWrites = 1, GitHubExtra = 1 }, test.Usage);
    }

    [Fact]
    public async Task Labels_Known_To_Be_Missing_Are_Not_Looked_Up_For_Every_Removal()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(missing: "processing"));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { RemoveLabels = ["site-monitor", "processing", "threat-hunter"] }, Token);

        Assert.Equal("""["L_site-monitor","L_threat-hunter"]""", test.Server.Seen[^1].Variables["remove"]!["labelIds"]!.ToJsonString());
        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 1 }, test.Usage);
    }

    [Fact]
    public async Task Removing_A_Label_That_The_Repository_Does_Not_Have_Writes_Nothing()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(missing: "processing"));

        IssueSnapshot snapshot = (await test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { RemoveLabels = ["processing"] }, Token)).Value!;

        Assert.Equal("I_7", snapshot.NodeId);
        Assert.Equal(0, test.Usage.GitHubWrites);
    }

    [Fact]
    public async Task An_Id_That_Leads_Nowhere_Is_Looked_Up_Anew_Before_The_Next_Try()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        Func<RecordedRequest, CancellationToken, Task<FakeResponse>> well = test.Server.Answer;
        test.Server.Answer = (r, stop) => r.Operation == "ReadIssue"
            ? well(r, stop)
            : Task.FromResult(GitHubJson.Error("NOT_FOUND", "Could not resolve to a node with the global id of 'L_analyzing'", "add", []));

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(
            () => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal("github-node-gone", failure.Code);
        Assert.Equal("ReadIssue", test.Server.Seen[^1].Operation);
        Assert.Contains("l0", (string)test.Server.Seen[^1].Json["query"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Label_Renamed_Meanwhile_Is_Noticed()
    {
        JsonObject after = GitHubJson.Issue();
        after["labels"] = GitHubJson.Nodes([new JsonObject { ["id"] = "L_analyzing", ["name"] = "triage" }]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(after));
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(
            () => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal("github-label-renamed", failure.Code);
    }

    [Fact]
    public async Task A_Failed_Mutation_Is_A_Failure_Though_Others_Were_Done()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        test.Server.Answer = (r, _) => Task.FromResult(GitHubJson.Error("FORBIDDEN", "no", "add", new JsonObject { ["body"] = new JsonObject { ["issue"] = new JsonObject { ["id"] = "I_7" } }, ["add"] = null }));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(
            () => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { Body = "b", AddLabels = ["analyzing"] }, Token));

        Assert.Equal("github-forbidden", failure.Code);
    }

    [Fact]
    public async Task A_Write_Is_Never_Sent_Twice_By_Itself()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        test.Server.Answer = (_, _) => Task.FromResult(new FakeResponse(502, "<html>Bad gateway</html>", "text/html"));

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(
            () => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", new IssueChange { AddLabels = ["analyzing"] }, Token));

        Assert.Equal("github-server-error", failure.Code);
        Assert.Equal(2, test.Server.Seen.Count);
    }

    [Fact]
    public async Task An_Empty_Change_Is_A_Mistake()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => test.Tracker.ApplyAsync(TrackerUnderTest.Issue, "I_7", IssueChange.None, Token));
    }

    private static Task<FakeServer> StartAsync(JsonObject? after = null, string? missing = null)
    {
        string[] lacking = missing is null ? [] : [missing];
        return FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue("site-monitor"), lacking),
            "ReadLabels" => GitHubJson.Data(new JsonObject { ["viewer"] = new JsonObject { ["login"] = "monitor-app[bot]" }, ["repository"] = GitHubJson.Labels(r, lacking) }),
            "CreateLabels" => GitHubJson.Data(new JsonObject(r.Variables.Select(v =>
                KeyValuePair.Create(v.Key, (JsonNode?)new JsonObject { ["label"] = GitHubJson.Label((string)v.Value!["name"]!) })))),
            _ => GitHubJson.Written(r, (JsonObject)(after ?? GitHubJson.Issue("site-monitor")).DeepClone()),
        });
    }

    private static JsonObject Edit(string at, string type, string login, string text, bool deleted = false) => new()
    {
        ["editedAt"] = at, ["deletedAt"] = deleted ? at : null, ["diff"] = text, ["editor"] = GitHubJson.Actor(type, login),
    };
}
