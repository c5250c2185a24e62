using System.Net;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class RunCommandTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Runs_Are_Listed_As_Filtered_In_Columns_That_Do_Not_Collide_At_80_Characters()
    {
        _cli.Width = 80;
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([Active("o/r#3")], Run("1a2b3c4d5e6f", "octo-org/watchtower#12345", "succeeded", 1), Run("ffff3c4d5e6f", "o/r#2", "failed", 0))));

        int exit = await _cli.RunAsync("run", "list", "--repo", "o/r", "--outcome", "failed,critical", "--route", "unified", "--limit", "5", "--all");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("/api/runs?limit=5&issue=o%2Fr&outcome=failed%2Ccritical&route=unified&all=true", _cli.Requests.Single().Uri.PathAndQuery);
        string[] lines = _cli.Out.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(lines, line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SequenceEqual(["11-02 08:01", "octo-org/watchtower#12345", "succeeded", "unified", "2.5 s", "1a2b3c4d"]));
        Assert.Contains("run view ffff3c4d", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_A_Console_That_Is_Too_Narrow_No_Run_And_No_Word_Is_Lost()
    {
        _cli.Width = 50;
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([], Run("1a2b3c4d5e6f", "octo-org/watchtower#12345", "succeeded", 1))));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("run", "list"));

        string line = _cli.Out.Split('\n')[0].TrimEnd('\r');
        Assert.Equal(
            ["11-02 08:01", "octo-org/watchtower#12345", "succeeded", "unified", "2.5 s", "1a2b3c4d"],
            line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(line.TrimEnd(), line);
    }

    [Fact]
    public async Task A_Run_Is_Shown_With_Its_Steps_By_The_Beginning_Of_Its_Id()
    {
        RunDetail detail = new()
        {
            Run = Run("1a2b3c4d5e6f", "o/r#2", "succeeded", 1),
            Stages = [new RunStage("analysis", "unified", "succeeded", 1200)],
            ManualIntervention = true,
            ContentType = string.Empty,
        };
        _cli.Respond(HttpStatusCode.NotFound, """{"title":"The ledger has no such run.","status":404}""", "application/problem+json");
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([], detail.Run, Run("ffff3c4d5e6f", "o/r#2", "failed", 0))));
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(detail));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("run", "view", "1a2b"));

        Assert.Equal("/api/runs/1a2b3c4d5e6f", _cli.Requests[^1].Uri.AbsolutePath);
        Assert.Contains("analysis  unified  succeeded  1.2 s", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("A person changed the issue", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Run_That_Is_Not_There_Or_Not_Clear_Is_Refused()
    {
        const string Missing = """{"title":"The ledger has no such run.","status":404}""";
        _cli.Respond(HttpStatusCode.NotFound, Missing, "application/problem+json").Respond(HttpStatusCode.OK, RolloutJson.Write(List([])));
        Assert.Equal(ExitCode.Refused, await _cli.RunAsync("run", "view", "x"));

        _cli.Respond(HttpStatusCode.NotFound, Missing, "application/problem+json");
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([], Run("1a2b", "o/r#2", "failed", 0), Run("1a2c", "o/r#2", "failed", 0))));
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("run", "view", "1a"));
        Assert.Contains("2 runs begin with '1a'", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("succeeded", ExitCode.Ok)]
    [InlineData("failed", ExitCode.Failed)]
    [InlineData("critical", ExitCode.Failed)]
    public async Task Watching_Shows_Each_Run_Once_As_It_Ends_And_Ends_With_The_Last(string outcome, int expected)
    {
        RunSummary before = Run("old", "o/r#1", "succeeded", -5);
        RunSummary ended = Run("1a2b", "o/r#2", outcome, 1);
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([Active("o/r#2"), Active("o/r#3")], before)));
        _cli.Fail(new HttpRequestException("refused"));
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([Active("o/r#3")], ended, before)));
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(List([], Run("1a2c", "o/r#3", "succeeded", 2), ended, before)));

        Assert.Equal(expected, await _cli.RunAsync(new FakeTimeProvider(), "run", "watch"));

        string[] lines = _cli.Out.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal([$"08:01:00 o/r#2 {outcome} 2.5 s 1a2b because", "08:02:00 o/r#3 succeeded 2.5 s 1a2c because"], lines.Select(l => l.TrimEnd()));
    }

    private static RunList List(ActiveRun[] active, params RunSummary[] runs) => new() { At = At, Active = active, Runs = runs };

    private static ActiveRun Active(string issue) => new("i", issue, "running", "AnalyzeUnified", "asks the model", At, At);

    private static RunSummary Run(string id, string issue, string outcome, int minute) =>
        RolloutJson.Read<IssueStatus>(Samples.Status(issue, active: false, outcome)).LastRun! with { RunId = id, Ended = At.AddMinutes(minute) };
}
