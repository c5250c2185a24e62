using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class StatusCommandTests : IDisposable
{
    private const string Healthy = """{"status":"ok","version":"2.0.0","checks":[]}""";

    private readonly CliDriver _cli = new();

    private static string NoRuns => Runs();

    [Fact]
    public async Task An_Issues_Last_Run_Is_Shown_With_What_It_Cost()
    {
        int exit = await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded")).RunAsync("status", "--repo", "o/r", "--issue", "7");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("GitHub 2 reads, 4 writes, 0 extra, model 1 calls, 900 tokens, $0.0042", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("route: unified (100 %), flags f1", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ready", "Copilot works on it")]
    [InlineData("waiting", "answer it")]
    [InlineData("completed", "nothing to do")]
    [InlineData("closed", "nothing to do")]
    [InlineData("discovered", "process-pipeline --issue o/r#7")]
    [InlineData("unmanaged", "label it site-monitor")]
    [InlineData("", "nothing to do")]
    public async Task The_Issues_State_Is_Shown_And_Not_That_Of_Its_Last_Run(string state, string next)
    {
        _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded", state: state));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status", "--issue", "o/r#7"));

        Assert.Equal($"o/r#7: {(state.Length > 0 ? state : "state unknown")}", _cli.Out.Split('\n')[0].TrimEnd());
        Assert.DoesNotContain("completed", state == "completed" ? string.Empty : _cli.Out, StringComparison.Ordinal);
        Assert.Contains(next, _cli.Out.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.EndsWith("/api/pipeline/issues/o/r/7?state=true", _cli.Requests.Single().Uri.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Issue_That_Does_Not_Exist_Exits_With_4()
    {
        _cli.Respond(HttpStatusCode.NotFound, """{"title":"There is no such issue.","status":404}""", "application/problem+json");

        Assert.Equal(ExitCode.Refused, await _cli.RunAsync("status", "--issue", "o/r#999999"));
        Assert.Contains("There is no such issue", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Failed_Issue_Exits_With_1() =>
        Assert.Equal(ExitCode.Failed, await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "failed")).RunAsync("status", "--issue", "o/r#7"));

    [Theory]
    [InlineData("ok", HttpStatusCode.OK, ExitCode.Ok)]
    [InlineData("degraded", HttpStatusCode.OK, ExitCode.Ok)]
    [InlineData("failing", HttpStatusCode.ServiceUnavailable, ExitCode.Failed)]
    public async Task Without_An_Issue_The_Health_Is_Shown(string status, HttpStatusCode code, int expected)
    {
        _cli.Respond(code, $$"""{"status":"{{status}}","version":"2.0.0","checks":[{"name":"flags","status":"{{status}}","detail":"read 3 s ago"}]}""");
        _cli.Respond(HttpStatusCode.OK, NoRuns);

        int exit = await _cli.RunAsync("status");

        Assert.Equal(expected, exit);
        Assert.Contains($"http://localhost:7071/: {status}, version 2.0.0", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("flags  read 3 s ago", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("waiting,succeeded,waiting", "2 issue(s) wait for a person")]
    [InlineData("waiting,failed", "1 issue(s) failed in their last run; see why: sitemonitor run list --outcome failed,critical")]
    [InlineData("succeeded", "sitemonitor rollout status")]
    [InlineData("", "start the waiting issues: sitemonitor process-pipeline")]
    public async Task The_Next_Step_Depends_On_The_Latest_Outcomes(string outcomes, string next)
    {
        string[] runs = [.. outcomes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((outcome, i) => Run($"o/r#{i}", outcome))];
        _cli.Respond(HttpStatusCode.OK, Healthy).Respond(HttpStatusCode.OK, Runs(runs));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status"));

        Assert.Contains(next, _cli.Out.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Issue_Whose_Latest_Run_Succeeded_Is_Not_Listed_As_Waiting()
    {
        _cli.Respond(HttpStatusCode.OK, Healthy).Respond(HttpStatusCode.OK, Runs(Run("o/r#1", "succeeded"), Run("o/r#1", "waiting")));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status"));

        Assert.DoesNotContain("wait for a person", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Next_Step_Of_A_Check_Comes_Before_That_Of_The_Issues()
    {
        _cli.Respond(HttpStatusCode.OK, """
            {"status":"ok","version":"2.0.0","checks":[{"name":"flags","status":"ok","detail":"read"},
              {"name":"rollout","status":"ok","detail":"Rolled back.","next":"see why: sitemonitor rollout status"}]}
            """);
        _cli.Respond(HttpStatusCode.OK, Runs(Run("o/r#1", "failed")));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status"));

        Assert.EndsWith("Next: see why: sitemonitor rollout status", _cli.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Health_Is_Shown_When_The_Runs_Cannot_Be_Read()
    {
        _cli.Respond(HttpStatusCode.OK, Healthy).Respond(HttpStatusCode.BadGateway, "<html>Bad gateway</html>");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status"));

        Assert.EndsWith("Next: check the rollout: sitemonitor rollout status", _cli.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_Output_Is_The_Health_Response_And_Sends_No_Other_Request()
    {
        Assert.Equal(ExitCode.Ok, await _cli.Respond(HttpStatusCode.OK, Healthy).RunAsync("status", "--json"));

        Assert.Equal(Healthy, _cli.Out.Trim());
        Assert.Single(_cli.Requests);
    }

    [Fact]
    public async Task The_Host_On_This_Machine_Is_Found_By_Its_Files()
    {
        _cli.Write(".sitemonitor/keys.json", """{"functionKey":"from-file","masterKey":"m"}""");
        _cli.Write(".sitemonitor/running.json", """{"url":"http://127.0.0.1:7999","repository":"o/r"}""");

        await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded")).RunAsync("status", "--issue", "7");

        CliDriver.Request request = _cli.Requests.Single();
        Assert.Equal(("http://127.0.0.1:7999/api/pipeline/issues/o/r/7?state=true", "from-file"), (request.Uri.AbsoluteUri, request.Key));
    }

    [Fact]
    public async Task The_Key_Of_This_Machine_Is_Never_Sent_To_Another()
    {
        _cli.Write(".sitemonitor/keys.json", """{"functionKey":"from-file","masterKey":"m"}""");

        await _cli.RespondEmpty(HttpStatusCode.Unauthorized).RunAsync("status", "--url", "https://app.example");

        Assert.Null(_cli.Requests.Single().Key);
    }

    [Fact]
    public async Task Environment_Variables_Name_Address_And_Key_And_Options_Win_Over_Them()
    {
        _cli.Environment["SITEMONITOR_URL"] = "https://app.example/";
        _cli.Environment["SITEMONITOR_KEY"] = "from-environment";
        _cli.RespondEmpty(HttpStatusCode.Unauthorized).RespondEmpty(HttpStatusCode.Unauthorized);

        await _cli.RunAsync("status");
        await _cli.RunAsync("status", "--key", "given");

        Assert.Equal([("https://app.example/api/health/details", "from-environment"), ("https://app.example/api/health/details", "given")], _cli.Requests.Select(r => (r.Uri.AbsoluteUri, r.Key!)));
    }

    [Fact]
    public async Task Spoilt_Files_Of_The_Host_Are_Told_By_Name()
    {
        string path = _cli.Write(".sitemonitor/keys.json", "not json");

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("status"));
        Assert.Contains(path, _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static string Runs(params string[] runs) =>
        $$"""{"at":"2026-03-01T00:00:00Z","active":[],"runs":[{{string.Join(',', runs)}}]}""";

    /// <summary>A run as the application lists it: the last run of a status.</summary>
    private static string Run(string issue, string outcome) =>
        JsonNode.Parse(Samples.Status(issue, active: false, outcome))!["lastRun"]!.ToJsonString();
}
