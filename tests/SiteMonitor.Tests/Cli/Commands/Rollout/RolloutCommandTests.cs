using System.Net;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Cli.Commands.Rollout;

/// <summary>What the operator's commands send, and how they tell what came of it.</summary>
public sealed class RolloutCommandTests : IDisposable
{
    private readonly CliDriver _cli = new() { Environment = { ["SITEMONITOR_OPERATOR"] = "ada" } };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_Is_Confirmed_Is_The_Plan_In_Its_Phase()
    {
        _cli.TypeKeys("y");
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.PlannedCode) with { Phase = "half" }));
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("rollout", "advance"));

        OperatorRequest[] sent = [.. _cli.Requests.Select(r => RolloutJson.Read<OperatorRequest>(r.Body))];
        Assert.Equal([(true, string.Empty), (false, "half")], sent.Select(r => (r.DryRun, r.Phase)));
    }

    [Fact]
    public async Task A_Change_That_Is_Recorded_But_Not_Finished_Has_An_Exit_Code_Of_Its_Own()
    {
        _cli.Respond(HttpStatusCode.Accepted, RolloutJson.Write(Result(OperationResult.PendingCode)));

        Assert.Equal(ExitCode.Pending, await _cli.RunAsync("rollout", "rollback", "--reason", "smoke", "--yes"));
        Assert.Contains("In progress", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no reason given")]
    [InlineData("guidance lost text", "guidance lost text")]
    public async Task A_Rollback_Needs_No_Reason_And_Takes_One(string given, string sent)
    {
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(["rollout", "rollback", "--yes", .. given.Length > 0 ? ["--reason", given] : Array.Empty<string>()]));

        Assert.Equal(sent, RolloutJson.Read<OperatorRequest>(_cli.Requests.Single().Body).Reason);
    }

    [Theory]
    [InlineData("--operator", "hopper", null, "hopper")]
    [InlineData(null, null, "ada", "ada")]
    [InlineData(null, null, null, "grace")]
    public async Task The_Operator_Is_The_Option_The_Variable_Or_The_User_Of_This_Machine(string? option, string? value, string? variable, string expected)
    {
        _cli.Environment.Clear();
        if (variable is not null)
        {
            _cli.Environment["SITEMONITOR_OPERATOR"] = variable;
        }

        _cli.Environment["USER"] = "root";
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        await _cli.RunAsync(["rollout", "freeze", "--yes", .. option is null ? Array.Empty<string>() : [option, value!]]);

        Assert.Equal(expected, RolloutJson.Read<OperatorRequest>(_cli.Requests.Single().Body).Operator);
    }

    [Theory]
    [InlineData("", "--feature UnifiedPipeline\n")]
    [InlineData("analysis", "--feature UnifiedPipeline.Analysis\n")]
    [InlineData("preparation", "--feature UnifiedPipeline.Preparation\n")]
    public async Task A_Rollback_That_Nobody_Answers_Says_How_To_Do_It_In_The_Store_And_Goes_On_Trying(string stage, string feature)
    {
        _cli.Environment["SITEMONITOR_APP_CONFIGURATION_ENDPOINT"] = "https://appcs-1.azconfig.io";
        for (int i = 0; i < 20; i++)
        {
            _cli.Fail(new HttpRequestException("refused"));
        }

        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        int exit = await _cli.RunAsync(
            new FakeTimeProvider(), ["rollout", "rollback", "--yes", "--url", "https://app.example", .. stage.Length > 0 ? ["--stage", stage] : Array.Empty<string>()]);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(21, _cli.Requests.Count);
        Assert.Contains($"az appconfig feature disable --yes --auth-mode login --endpoint https://appcs-1.azconfig.io {feature}", _cli.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(stage.Length > 0, _cli.Error.Contains(".Fallback", StringComparison.Ordinal));
        Assert.Equal(1, _cli.Error.Split("does not answer").Length - 1);
        Assert.DoesNotContain("dev.cs", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Stopped_Host_On_This_Machine_Has_Its_Flags_File_Named()
    {
        _cli.Write(".sitemonitor/running.json", """{"url":"http://127.0.0.1:7999","flagsFile":"/data/flags.json"}""");
        _cli.Hang(TimeSpan.FromSeconds(40)).Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(new FakeTimeProvider(), "rollout", "rollback", "--yes"));

        Assert.Contains("in /data/flags.json, at the flag with the id UnifiedPipeline, set \"enabled\": false", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("az appconfig", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rollback_That_Is_Answered_Within_Five_Seconds_Gives_No_Advice()
    {
        _cli.Fail(new HttpRequestException("refused")).Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(new FakeTimeProvider(), "rollout", "rollback", "--yes"));
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task A_Rollback_Gives_Up_After_Ten_Minutes()
    {
        for (int i = 0; i < 700; i++)
        {
            _cli.Fail(new HttpRequestException("refused"));
        }

        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync(new FakeTimeProvider(), "rollout", "rollback", "--yes"));
    }

    [Fact]
    public async Task Several_Criteria_Are_Confirmed_After_One_Question()
    {
        _cli.TypeKeys("y");
        foreach (string code in (string[])[OperationResult.PlannedCode, OperationResult.PlannedCode, OperationResult.DoneCode, OperationResult.DoneCode])
        {
            _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(code)));
        }

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("rollout", "confirm", "security-review", "team-trained", "--reason", "minutes of Monday"));

        OperatorRequest[] sent = [.. _cli.Requests.Select(r => RolloutJson.Read<OperatorRequest>(r.Body))];
        Assert.Equal(
            [("security-review", true), ("team-trained", true), ("security-review", false), ("team-trained", false)],
            sent.Select(r => (r.Criterion, r.DryRun)));
    }

    [Fact]
    public async Task A_Refused_Criterion_Ends_The_Command_Before_Anything_Is_Confirmed()
    {
        _cli.TypeKeys("y");
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.PlannedCode)));
        _cli.Respond(HttpStatusCode.Conflict, """{"title":"The phase has no criterion 'moon'.","status":409}""", "application/problem+json");

        Assert.Equal(ExitCode.Refused, await _cli.RunAsync("rollout", "confirm", "security-review", "moon", "--reason", "x"));
        Assert.Equal(2, _cli.Requests.Count);
    }

    [Fact]
    public async Task Disabling_Workflows_Says_Which_And_Enabling_Need_Not()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("workflows", "disable", "--yes"));
        Assert.Empty(_cli.Requests);

        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode))).Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("workflows", "enable", "--yes"));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("workflows", "disable", "--which", "old", "--yes"));
        Assert.Equal([string.Empty, "old"], _cli.Requests.Select(r => RolloutJson.Read<OperatorRequest>(r.Body).Workflows));
    }

    [Fact]
    public async Task A_Sample_Is_Asked_For_Until_It_Is_Full_And_Then_Reported_Whole()
    {
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Sample(missing: 1, more: true, "o/r#1"))).Respond(HttpStatusCode.OK, RolloutJson.Write(Sample(missing: 0, more: false, "o/r#1", "o/r#2")));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("compare", "--sample", "2", "--json"));

        SampleRequest again = RolloutJson.Read<SampleRequest>(_cli.Requests[1].Body);
        Assert.Equal(1, again.Sample);
        Assert.Equal(["o/r#1"], again.Skip);
        Assert.Equal(["o/r#1", "o/r#2"], RolloutJson.Read<ConsistencyReport>(_cli.Out).Issues.Select(c => c.Issue));
    }

    [Fact]
    public async Task A_Sample_That_Stays_Short_Says_So()
    {
        int exit = await _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Sample(missing: 19, more: false, "o/r#1")))
            .RunAsync("compare", "--sample", "20", "--json");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("1 of 20 compared. No more", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("\"missing\":19", _cli.Out.Replace(" ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparisons_Are_Shown_Since_A_Date()
    {
        await _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(ConsistencyReport.Create([]))).RunAsync("compare", "--from", "2026-11-02T08:00Z");

        Assert.Equal("/api/comparison?from=2026-11-02T08%3A00Z", _cli.Requests.Single().Uri.PathAndQuery);
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("compare", "--from", "2026-11-02", "--sample", "5"));
    }

    [Fact]
    public async Task A_Post_Mortem_Is_Read_As_It_Stands()
    {
        _cli.Respond(HttpStatusCode.OK, "# Post-mortem INC-1: [red] wires\n", "text/markdown").Respond(HttpStatusCode.NotFound, """{"title":"There is no such incident.","status":404}""", "application/problem+json");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("incidents", "post-mortem", "INC-1"));
        Assert.Equal("/api/incidents/INC-1/post-mortem", _cli.Requests.Single().Uri.AbsolutePath);
        Assert.Equal("# Post-mortem INC-1: [red] wires", _cli.Out.TrimEnd());
        Assert.Equal(ExitCode.Refused, await _cli.RunAsync("incidents", "post-mortem", "INC-7"));
    }

    [Fact]
    public async Task Incidents_Are_Listed_And_Shown_With_Their_Timeline()
    {
        IncidentView incident = new()
        {
            Id = "INC-1",
            Title = "Rolled back by the guard",
            Phase = "half",
            Opened = DateTimeOffset.UnixEpoch,
            OpenedBy = "guard",
            IsOpen = true,
            Timeline = [new IncidentEvent(DateTimeOffset.UnixEpoch, "guard", "opened", "3 of 5 runs failed")],
        };
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(new IncidentList([incident]))).Respond(HttpStatusCode.OK, RolloutJson.Write(incident));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("incidents", "list", "--state", "open"));
        Assert.Equal("/api/incidents?state=open", _cli.Requests[0].Uri.PathAndQuery);
        Assert.Contains("INC-1  open  1970-01-01 00:00  Rolled back by the guard", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("incidents acknowledge INC-1", _cli.Out, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("incidents", "view", "INC-1"));
        Assert.Contains("guard  opened  3 of 5 runs failed", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Forecast_Shows_When_The_Gate_Is_Met_And_What_Never_Happens()
    {
        RolloutForecast forecast = new()
        {
            At = DateTimeOffset.UnixEpoch,
            Phase = "half",
            Traffic = new TrafficRates(4, 2.5, 0, "the last 7 days"),
            Gate = [new CriterionForecast("soak", "5 days", CriterionState.Unmet, DateTimeOffset.UnixEpoch, "on 1970-01-01")],
            GateMetAt = DateTimeOffset.UnixEpoch,
            Guard = [new DetectionForecast(100, 4, 1.6)],
            Never = ["hand-over: no baseline"],
        };
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(forecast));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("rollout", "forecast"));

        Assert.Equal("/api/rollout/forecast", _cli.Requests.Single().Uri.AbsolutePath);
        Assert.Contains("Gate: met on 1970-01-01 00:00", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("soak  on 1970-01-01", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("100 % fail  after 4 runs  after 1.6 days", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("never: hand-over: no baseline", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("back", false)]
    [InlineData("unfreeze", false)]
    [InlineData("resume", true)]
    public async Task Operations_Of_The_Rollout_Go_To_The_Route_Of_Their_Name(string operation, bool force)
    {
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.DoneCode)));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(["rollout", operation, "--reason", "r", "--yes", .. force ? ["--force"] : Array.Empty<string>()]));

        Assert.Equal($"/api/rollout/{operation}", _cli.Requests.Single().Uri.AbsolutePath);
        Assert.Equal(force, RolloutJson.Read<OperatorRequest>(_cli.Requests.Single().Body).Force);
    }

    private static OperationResult Result(string code) => new() { Code = code, Title = "A change.", Next = "rollout status" };

    private static SampleResponse Sample(int missing, bool more, params string[] seen)
    {
        static SideDecision Side(Logic logic) => new() { Logic = logic, Outcome = "assigned", Labels = [], Assignees = [], Specialists = [] };
        return new SampleResponse
        {
            Report = ConsistencyReport.Create([new IssueComparison(seen[^1], DateTimeOffset.UnixEpoch, Side(Logic.Unified), Side(Logic.Legacy), [])]),
            LeftOut = [],
            Recorded = true,
            Missing = missing,
            More = more,
            Seen = seen,
            Next = "No more",
        };
    }
}
