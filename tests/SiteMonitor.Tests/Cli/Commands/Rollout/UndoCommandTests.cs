using System.Net;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;

namespace SiteMonitor.Tests.Cli.Commands.Rollout;

/// <summary><c>rollout undo</c>: the plan first, a confirmation, then the undo until it has ended.</summary>
public sealed class UndoCommandTests : IDisposable
{
    private static readonly UndoStatus Plan = new()
    {
        Id = "p1",
        State = UndoState.Completed,
        DryRun = true,
        Since = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero),
        Undone = 1,
        Left = 1,
        Issues =
        [
            new UndoneIssue("acme/site#1", UndoResult.Undone, string.Empty, "guidance removed, +site-monitor"),
            new UndoneIssue("acme/site#2", UndoResult.Left, UndoCodes.TouchedSince, "Somebody has changed it."),
        ],
    };

    private static readonly UndoStatus Running = Plan with
    {
        Id = "u1",
        State = UndoState.Running,
        DryRun = false,
        Issues = [],
        Progress = "0 of 1",
    };
    private static readonly UndoStatus Done = Plan with { Id = "u1", DryRun = false };

    private readonly CliDriver _cli = new() { Environment = { ["SITEMONITOR_OPERATOR"] = "ada" } };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_Plan_Is_Confirmed_Before_It_Is_Done()
    {
        _cli.TypeKeys("y");
        Respond(HttpStatusCode.OK, Plan);
        Respond(HttpStatusCode.OK, Done);

        Assert.Equal(
            ExitCode.Ok,
            await _cli.RunAsync("rollout", "undo", "--since", "2d", "--stage", "preparation", "--issue", "acme/site#1", "--reason", "wrong"));

        UndoRequest[] sent = [.. _cli.Requests.Select(r => RolloutJson.Read<UndoRequest>(r.Body))];
        UndoRequest expected = new() { Operator = "ada", Reason = "wrong", Since = "2d", Stage = "preparation", Issue = "acme/site#1" };
        Assert.Equal(expected with { DryRun = true }, sent[0]);
        Assert.Equal(expected, sent[1]);
        Assert.Contains("acme/site#2: Somebody has changed it. (touched-since)", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("Took back 1 of 2 issues", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Anything_To_Take_Back_Nothing_Is_Asked()
    {
        Respond(HttpStatusCode.OK, Plan with { Undone = 0 });

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("rollout", "undo", "--since", "2d"));
        Assert.Single(_cli.Requests);
    }

    [Fact]
    public async Task It_Waits_For_The_End_Also_While_The_Host_Restarts()
    {
        FakeTimeProvider time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        _cli.Time = time;
        Respond(HttpStatusCode.Accepted, Running);
        _cli.Fail(new HttpRequestException("refused"));
        Respond(HttpStatusCode.OK, Running);
        Respond(HttpStatusCode.OK, Done);

        Task<int> command = _cli.RunAsync("rollout", "undo", "--since", "2026-11-02T08:00Z", "--yes", "--json");
        while (!command.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCode.Ok, await command);
        Assert.Equal("u1", RolloutJson.Read<UndoStatus>(_cli.Out).Id);
        Assert.All(_cli.Requests.Skip(1), r => Assert.EndsWith("api/rollout/undo/u1", r.Uri.AbsolutePath, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_Issue_That_Failed_Makes_The_Command_Fail()
    {
        Respond(HttpStatusCode.OK, Done with { Failed = 1 });

        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("rollout", "undo", "--since", "2d", "--yes"));
    }

    [Fact]
    public async Task Since_Is_Required()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("rollout", "undo", "--yes"));
        Assert.Empty(_cli.Requests);
    }

    private void Respond(HttpStatusCode status, UndoStatus value) => _cli.Respond(status, RolloutJson.Write(value));
}
