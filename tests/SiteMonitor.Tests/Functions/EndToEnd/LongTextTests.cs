using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Guidance that does not fit into an issue's text stands in a comment before the text points to it.</summary>
public sealed class LongTextTests
{
    private static readonly string Text = new('x', 64_200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Guidance_That_Does_Not_Fit_Stands_In_A_Comment(bool isUnified)
    {
        await using PipelineApp app = await StartAsync(isUnified);
        IssueRef issue = app.Open("A long report", Text, "osint-researcher");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        string comment = Assert.Single(app.View(issue).Comments).Body;
        Assert.StartsWith(Text, app.View(issue).Body, StringComparison.Ordinal);
        Assert.Contains("SiteMonitor's comment on this issue has the rest", app.View(issue).Body, StringComparison.Ordinal);
        Assert.Contains("#### Analysis framework", comment, StringComparison.Ordinal);
        Assert.Equal(isUnified, comment.Contains("is being assigned", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Second_Legacy_Preparation_Writes_Nothing()
    {
        await using PipelineApp app = await StartAsync(isUnified: false);
        IssueRef issue = app.Open("A long report", Text, "osint-researcher");
        await app.RunAsync(issue);
        int writes = app.GitHub.Writes.Count;

        await app.RunAsync(issue);

        Assert.Equal(writes, app.GitHub.Writes.Count);
    }

    [Theory]
    [InlineData("addComment")]
    [InlineData("updateIssue")]
    public async Task After_A_Lost_Answer_The_Comment_Is_Not_Written_Twice(string lost)
    {
        await using PipelineApp app = await StartAsync(isUnified: false);
        IssueRef issue = app.Open("A long report", Text, "osint-researcher");
        app.GitHub.Inject(new FaultRule { Match = lost, Effect = FaultEffect.Reset, AfterWork = true });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Single(app.View(issue).Comments);
        Assert.Equal(2, app.View(issue).Body.Split("## 🤖 Copilot Processing Instructions").Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_The_Comment_Is_Refused_The_Issue_Waits_And_Its_Text_Points_To_Nothing(bool isUnified)
    {
        await using PipelineApp app = await StartAsync(isUnified);
        IssueRef issue = app.Open("A long report", Text, "osint-researcher");
        app.Person(UserActionKind.Lock, issue);

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Waiting, WaitCodes.GuidanceNotPlaced), (record.Outcome, record.ReasonCode));
        Assert.Equal(Text, app.View(issue).Body);
        Assert.Equal(["needs-review", "osint-researcher"], app.View(issue).Labels.Order());
        Assert.Empty(app.View(issue).Assignees);
    }

    private static async Task<PipelineApp> StartAsync(bool isUnified)
    {
        PipelineApp app = await PipelineApp.StartAsync();
        if (!isUnified)
        {
            app.Flags.Off("UnifiedPipeline");
        }

        return app;
    }
}
