using System.Net;
using SiteMonitor.Cli;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
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
        Assert.Contains("Under way", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rollback_Without_A_Reason_Is_Not_Even_Asked_About_But_Can_Be_Rehearsed()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("rollout", "rollback"));
        Assert.Empty(_cli.Requests);

        Assert.Equal(ExitCode.Ok, await _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Result(OperationResult.PlannedCode))).RunAsync("rollout", "rollback", "--dry-run"));
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
        await _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Sample(missing: 19, more: false, "o/r#1"))).RunAsync("compare", "--sample", "20");

        Assert.Contains("1 of 20 taken. No more", _cli.Error, StringComparison.Ordinal);
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
