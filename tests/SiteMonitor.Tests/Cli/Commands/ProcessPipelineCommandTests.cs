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
    public async Task One_issue_is_started_by_its_route_with_the_parameters_given()
    {
        int exit = await _cli.Respond(HttpStatusCode.Accepted, Started).RunAsync("process-pipeline", "--repo", "o/r", "--issue", "7", "--stage", "analysis", "--priority", "urgent", "--key", "k");

        Assert.Equal(ExitCode.Ok, exit);
        CliDriver.Request request = Assert.Single(_cli.Requests);
        Assert.Equal((HttpMethod.Post, "http://localhost:7071/api/pipeline/issues/o/r/7", "k"), (request.Method, request.Uri.AbsoluteUri, request.Key));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"stage":"analysis","dryRun":false,"priority":"urgent"}"""), JsonElement.Parse(request.Body)));
        Assert.Contains("o/r#7: Started.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("sitemonitor status --issue o/r#7", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_each_write_and_says_that_none_was_made()
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
    public async Task A_batch_is_sent_as_asked_and_each_issue_shown()
    {
        const string Answer = """{"started":1,"issues":[{"issue":"o/r#1","instanceId":"o:r:1","result":"started"},{"issue":"o/r#2","instanceId":"o:r:2","result":"running"}]}""";

        int exit = await _cli.Respond(HttpStatusCode.Accepted, Answer).RunAsync("process-pipeline", "--batch-size", "25", "--repo", "o/r");

        Assert.Equal(ExitCode.Ok, exit);
        BatchRequest sent = JsonSerializer.Deserialize(_cli.Requests.Single().Body, ContractJson.Default.BatchRequest)!;
        Assert.Equal(("o/r", 25, "auto", false), (sent.Repository, sent.BatchSize, sent.Stage, sent.DryRun));
        Assert.Contains("2 issue(s) taken up, 1 started.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_could_not_be_listed_fails_the_batch()
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
    public async Task Waiting_ends_with_the_runs_and_their_outcome(string outcome, int expected)
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: true, "succeeded")).Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, outcome));

        int exit = await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait");

        Assert.Equal(expected, exit);
        Assert.Equal(3, _cli.Requests.Count);
        Assert.Contains(outcome, _cli.Out, StringComparison.Ordinal);
        Assert.Contains("1 issue(s) done", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_outlasts_an_application_that_does_not_answer_for_a_moment()
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).RespondEmpty(HttpStatusCode.ServiceUnavailable).Fail(new HttpRequestException("refused"))
            .Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded"));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait"));
        Assert.Equal(4, _cli.Requests.Count);
    }

    [Fact]
    public async Task Waiting_ends_where_the_application_refuses_to_say_how_the_issue_stands()
    {
        _cli.Respond(HttpStatusCode.Accepted, Started).RespondEmpty(HttpStatusCode.Unauthorized);

        Assert.NotEqual(ExitCode.Ok, await _cli.RunAsync("process-pipeline", "--issue", "o/r#7", "--wait"));
        Assert.Equal(2, _cli.Requests.Count);
    }


    [Fact]
    public async Task Json_is_the_applications_answer_and_nothing_else()
    {
        await _cli.Respond(HttpStatusCode.Accepted, Started).RunAsync("process-pipeline", "--issue", "o/r#7", "--json");

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Started), JsonElement.Parse(_cli.Out)));
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_errors_and_exits_with_4()
    {
        const string Problem = """{"type":"about:blank","title":"Another run is on","status":409,"detail":"It does preparation.","errors":["stage: 'analysis' is not 'preparation'"]}""";

        int exit = await _cli.Respond(HttpStatusCode.Conflict, Problem, "application/problem+json").RunAsync("process-pipeline", "--issue", "o/r#7");

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("Another run is on (409)", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("stage: 'analysis' is not 'preparation'", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_is_told_with_where_to_find_one()
    {
        int exit = await _cli.RespondEmpty(HttpStatusCode.Unauthorized).RunAsync("process-pipeline");

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("A function key is needed", _cli.Error, StringComparison.Ordinal);
        Assert.Contains(".sitemonitor/keys.json", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_application_exits_with_1_and_an_unreachable_one_with_3()
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
    public async Task Wrong_usage_exits_with_2_and_sends_nothing(params string[] arguments)
    {
        int exit = await _cli.RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Empty(_cli.Requests);
        Assert.NotEmpty(_cli.Error);
    }

    public void Dispose() => _cli.Dispose();
}
