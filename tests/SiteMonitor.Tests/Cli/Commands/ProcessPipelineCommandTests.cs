using System.Net;
using System.Text.Json;
using SiteMonitor.Cli;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class ProcessPipelineCommandTests : IDisposable
{
    private const string Started = """{"issue":"o/r#7","instanceId":"o:r:7","started":true,"detail":"Started.","statusPath":"api/pipeline/issues/o/r/7"}""";
    private readonly CliDriver _cli = new();

    [Fact]
    public async Task One_Issue_Is_Started_By_Its_Route_With_The_Parameters_Given()
    {
        int exit = await _cli.Respond(HttpStatusCode.Accepted, Started).RunAsync("process-pipeline", "--repo", "o/r", "--issue", "7", "--stage", "auto", "--priority", "urgent", "--key", "k");

        Assert.Equal(ExitCode.Ok, exit);
        CliDriver.Request request = Assert.Single(_cli.Requests);
        Assert.Equal((HttpMethod.Post, "http://localhost:7071/api/pipeline/issues/o/r/7", "k"), (request.Method, request.Uri.AbsoluteUri, request.Key));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"stage":"auto","dryRun":false,"priority":"urgent"}"""), JsonElement.Parse(request.Body)));
        Assert.Contains("o/r#7: Started.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("sitemonitor status --issue o/r#7", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dry_Run_Shows_Each_Write_And_Says_That_None_Was_Made()
    {
        string answer = Started.Replace("\"started\":true", """
            "started":true,"plan":{"issue":"o/r#7","outcome":"succeeded","route":"unified","routeReason":"100 %","writes":[
              {"step":"Prepare","addLabels":["osint-researcher"],"removeLabels":["site-monitor"],"body":"guidance added","comment":"two\nlines","assignsCopilot":true}]}
            """, StringComparison.Ordinal);

        int exit = await _cli.Respond(HttpStatusCode.OK, answer).RunAsync("process-pipeline", "--issue", "o/r#7", "--dry-run");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("\"dryRun\":true", _cli.Requests.Single().Body, StringComparison.Ordinal);
        Assert.Contains("Prepare: add osint-researcher; remove site-monitor; body: guidance added; comment: two lines; assign Copilot", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("1 write(s) to GitHub, none made.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Batch_Is_Sent_As_Asked_And_Each_Issue_Shown()
    {
        const string Answer = """{"started":1,"issues":[{"issue":"o/r#1","instanceId":"o:r:1","result":"started"},{"issue":"o/r#2","instanceId":"o:r:2","result":"running"}]}""";

        int exit = await _cli.Respond(HttpStatusCode.Accepted, Answer).RunAsync("process-pipeline", "--batch-size", "25", "--repo", "o/r");

        Assert.Equal(ExitCode.Ok, exit);
        BatchRequest sent = JsonSerializer.Deserialize(_cli.Requests.Single().Body, ContractJson.Default.BatchRequest)!;
        Assert.Equal(("o/r", 25, "auto", false), (sent.Repository, sent.BatchSize, sent.Stage, sent.DryRun));
        Assert.Contains("2 issue(s) selected, 1 started.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Repository_That_Could_Not_Be_Listed_Fails_The_Batch()
    {
        int exit = await _cli.Respond(HttpStatusCode.Accepted, """{"started":0,"issues":[],"problems":["o/x: not found"]}""").RunAsync("process-pipeline");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("o/x: not found", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("succeeded", ExitCode.Ok)]
    [InlineData("waiting", ExitCode.Ok)]
    [InlineData("failed", ExitCode.Failed)]
    [InlineData("critical", ExitCode.Failed)]
    public async Task Waiting_Ends_With_The_Runs_And_Their_Outcome(string outcome, int expected)
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: true, "succeeded")).Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, outcome));

        int exit = await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait");

        Assert.Equal(expected, exit);
        Assert.Equal(3, _cli.Requests.Count);
        Assert.Contains(outcome, _cli.Out, StringComparison.Ordinal);
        Assert.Contains("1 issue(s) done", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "skipped", ExitCode.Ok)]
    [InlineData("all", "skipped", ExitCode.Failed)]
    [InlineData("analysis", "skipped", ExitCode.Failed)]
    [InlineData("preparation", "skipped", ExitCode.Failed)]
    [InlineData("all", "waiting", ExitCode.Ok)]
    public async Task A_Stage_That_Was_Asked_For_And_Skipped_Is_A_Failure_With_Its_Reason(string stage, string outcome, int expected)
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, outcome, stage));
        Assert.Equal(expected, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--stage", stage, "--wait"));
        Assert.Contains("because", _cli.Out, StringComparison.Ordinal);

        string plan = Started.Replace("\"started\":true", $$"""
            "started":true,"plan":{"issue":"o/r#7","outcome":"{{outcome}}","reason":"it is assigned","route":"","routeReason":"","writes":[]}
            """, StringComparison.Ordinal);
        _cli.Respond(HttpStatusCode.OK, plan);
        Assert.Equal(expected, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--stage", stage, "--dry-run"));
        Assert.Contains("it is assigned", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("carry it out", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", "skipped", ExitCode.Failed)]
    [InlineData("analysis", "skipped", ExitCode.Failed)]
    [InlineData("preparation", "skipped", ExitCode.Failed)]
    [InlineData("preparation", "failed", ExitCode.Failed)]
    [InlineData("all", "succeeded", ExitCode.Ok)]
    public async Task Without_Waiting_A_Stage_That_The_Issue_Refuses_At_Once_Is_A_Failure_With_Its_Reason(string stage, string outcome, int expected)
    {
        _cli.Respond(HttpStatusCode.Accepted, Started)
            .Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: true, "waiting", stage))
            .Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, outcome, stage));

        Assert.Equal(expected, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--stage", stage));

        Assert.Equal(expected == ExitCode.Failed, _cli.Error.Contains("because", StringComparison.Ordinal));
        Assert.Contains("Started.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Waiting_A_Run_That_Is_Past_Its_First_Read_Is_Left_To_Itself()
    {
        string atWork = """{"issue":"o/r#7","instanceId":"o:r:7","runtimeStatus":"running","active":true,"progress":{"step":"AnalyzeUnified","detail":"","since":"2026-11-30T00:00:00Z"}}""";
        _cli.Respond(HttpStatusCode.Accepted, Started).Respond(HttpStatusCode.OK, atWork);

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--stage", "all"));
        Assert.Equal(2, _cli.Requests.Count);
    }

    [Fact]
    public async Task Waiting_Outlasts_An_Application_That_Does_Not_Answer_For_A_Moment()
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).RespondEmpty(HttpStatusCode.ServiceUnavailable).Fail(new HttpRequestException("refused"))
            .Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded"));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait"));
        Assert.Equal(4, _cli.Requests.Count);
    }

    [Fact]
    public async Task Waiting_Ends_Where_The_Application_Refuses_To_Say_How_The_Issue_Stands()
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).RespondEmpty(HttpStatusCode.Unauthorized);

        Assert.NotEqual(ExitCode.Ok, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait"));
        Assert.Equal(2, _cli.Requests.Count);
    }


    [Fact]
    public async Task Json_Is_The_Applications_Answer_And_Nothing_Else()
    {
        await _cli.Respond(HttpStatusCode.Accepted, Started).RunAsync("process-pipeline", "--issue", "o/r#7", "--json");

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Started), JsonElement.Parse(_cli.Out)));
    }

    [Fact]
    public async Task A_Refusal_Is_Told_With_Its_Errors_And_Exits_With_4()
    {
        const string Problem = """{"type":"about:blank","title":"Another run is on","status":409,"detail":"It does preparation.","errors":["stage: 'analysis' is not 'preparation'"]}""";

        int exit = await _cli.Respond(HttpStatusCode.Conflict, Problem, "application/problem+json").RunAsync("process-pipeline", "--issue", "o/r#7");

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("Another run is on (409)", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("stage: 'analysis' is not 'preparation'", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Missing_Key_Is_Told_With_Where_To_Find_One()
    {
        int exit = await _cli.RespondEmpty(HttpStatusCode.Unauthorized).RunAsync("process-pipeline");

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("A function key is needed", _cli.Error, StringComparison.Ordinal);
        Assert.Contains(".sitemonitor/keys.json", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Failing_Application_Exits_With_1_And_An_Unreachable_One_With_3()
    {
        Assert.Equal(ExitCode.Failed, await _cli.RespondEmpty(HttpStatusCode.InternalServerError).RunAsync("process-pipeline"));
        Assert.Equal(ExitCode.Unreachable, await _cli.Fail(new HttpRequestException("Connection refused")).RunAsync("process-pipeline"));
        Assert.Equal(ExitCode.Unreachable, await _cli.Respond(HttpStatusCode.OK, "<html>").RunAsync("process-pipeline"));
        Assert.Contains("dotnet dev.cs run", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("process-pipeline", "--stage", "everything")]
    [InlineData("process-pipeline", "--batch-size", "0")]
    [InlineData("process-pipeline", "--batch-size", "many")]
    [InlineData("process-pipeline", "--issue", "abc")]
    [InlineData("process-pipeline", "--issue", "7")]
    [InlineData("process-pipeline", "--repo", "no-slash")]
    [InlineData("process-pipeline", "--url", "localhost:7071")]
    [InlineData("process-pipelines")]
    [InlineData("status", "--bogus")]
    public async Task Wrong_Usage_Exits_With_2_And_Sends_Nothing(params string[] arguments)
    {
        int exit = await _cli.RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Empty(_cli.Requests);
        Assert.NotEmpty(_cli.Error);
    }

    public void Dispose() => _cli.Dispose();
}
