using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Integrations.GitHub.Sandbox;

/// <summary>The hand-over against the simulated GitHub, with an author who edits at every point of it.</summary>
public sealed class SandboxHandOverTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("within:updateIssue", UserActionKind.EditBody, true)]
    [InlineData("within:addLabelsToLabelable", UserActionKind.EditBody, false)]
    [InlineData("within:removeLabelsFromLabelable", UserActionKind.AppendToBody, false)]
    [InlineData("within:addAssigneesToAssignable", UserActionKind.EditBody, false)]
    [InlineData("within:updateIssue", UserActionKind.EditTitle, false)]
    [InlineData("within:addAssigneesToAssignable", UserActionKind.EditTitle, false)]
    public async Task An_Edit_Within_The_Request_Shows_In_Its_Answer(string point, UserActionKind action, bool asWritten)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueSnapshot read = await ReadAsync(test);
        test.Server.Perform(new UserAction { Do = action, Number = read.Ref.Number, Value = "Swapped", Text = "swapped by the author", Before = point });

        AssignCopilotResult result = (await test.Tracker.AssignCopilotAsync(read, Change(read), Token)).Value!;

        Assert.True(result.Copilot.Assigned);
        Assert.Equal(asWritten, result.IsTextAsWritten);
        if (asWritten)
        {
            // The edit came before our write: the history has it, and what Copilot got is what was analysed.
            Assert.Equal([true, false], result.Issue.Edits.Take(2).Select(e => e.ByUs));
            Assert.Equal("swapped by the author", result.Issue.Edits[1].BodyAfter);
        }
    }

    [Fact]
    public async Task Taken_Back_The_Issue_Shows_Neither_Copilot_Nor_Our_Labels()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueSnapshot read = await ReadAsync(test);
        AssignCopilotResult given = (await test.Tracker.AssignCopilotAsync(read, Change(read), Token)).Value!;

        await test.Tracker.UnassignCopilotAsync(given.Issue, new IssueChange { Body = read.Body, RemoveLabels = ["processing"] }, Token);

        IssueView after = test.Server.Issue(read.Ref.Number)!;
        Assert.DoesNotContain(after.Assignees, CopilotLogin.IsCopilot);
        Assert.Equal(read.Body, after.Body);
        Assert.DoesNotContain("processing", after.Labels);
    }

    [Theory]
    [InlineData(CopilotBehaviour.None, true, "")]
    [InlineData(CopilotBehaviour.RestIgnores, true, "")]
    [InlineData(CopilotBehaviour.Unavailable, false, CopilotAssignment.NotOffered)]
    public async Task Copilot_Is_Assigned_Whatever_Its_Quirk_Or_Said_Not_To_Be(CopilotBehaviour quirk, bool assigned, string code)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        test.Server.Copilot = quirk;
        IssueSnapshot read = await ReadAsync(test);

        AssignCopilotResult result = (await test.Tracker.AssignCopilotAsync(read, Change(read), Token)).Value!;

        Assert.Equal((assigned, code), (result.Copilot.Assigned, result.Copilot.Code));
        Assert.Equal(assigned, test.Server.Issue(read.Ref.Number)!.Assignees.Any(CopilotLogin.IsCopilot));
    }

    [Theory]
    [InlineData("updateIssue", FaultEffect.FieldForbidden, WaitCodes.WriteRefused)]
    [InlineData("addLabelsToLabelable", FaultEffect.FieldForbidden, WaitCodes.WriteRefused)]
    [InlineData("updateIssue", FaultEffect.FieldError, "github-server-error")]
    public async Task Where_The_Text_Is_Refused_Nobody_Is_Assigned(string field, FaultEffect effect, string code)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueSnapshot read = await ReadAsync(test);
        test.Server.Inject(new FaultRule { Match = field, Effect = effect });

        PipelineException failure = await Assert.ThrowsAnyAsync<PipelineException>(() => test.Tracker.AssignCopilotAsync(read, Change(read), Token));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain(test.Server.Issue(read.Ref.Number)!.Assignees, CopilotLogin.IsCopilot);
    }

    [Theory]
    [InlineData("addComment", null)]
    [InlineData("updateIssueComment", "C")]
    public async Task A_Refused_Comment_Is_A_Remark_On_A_Write_That_Was_Done(string field, string? existing)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        IssueSnapshot read = await ReadAsync(test);
        string? comment = existing is null
            ? null
            : (await test.Tracker.ApplyAsync(read.Ref, read.NodeId, new IssueChange { Comment = new CommentChange("first") }, Token)).Value!.OwnComments[0].NodeId;
        test.Server.Inject(new FaultRule { Match = field, Effect = FaultEffect.FieldForbidden });

        IssueSnapshot written = (await test.Tracker.ApplyAsync(
            read.Ref, read.NodeId, new IssueChange { Body = "new", AddLabels = ["copilot-assigned"], Comment = new CommentChange("why", comment) }, Token)).Value!;

        Assert.Contains("locked", written.RefusedComment, StringComparison.Ordinal);
        Assert.Contains("copilot-assigned", written.Labels);
        Assert.Equal("new", test.Server.Issue(read.Ref.Number)!.Body);
    }

    private static async Task<IssueSnapshot> ReadAsync(SandboxTracker test)
    {
        IssueView issue = test.Server.Issues(SeedCatalogue.Repository).First(i => i.IsOpen && !i.IsPullRequest && i.Labels is ["site-monitor"]);
        return (await test.Tracker.ReadAsync(SandboxTracker.Issue(issue.Number), Token)).Value!;
    }

    private static IssueChange Change(IssueSnapshot read) => new()
    {
        Body = read.Body + "\n\nguidance", AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor"],
    };
}
