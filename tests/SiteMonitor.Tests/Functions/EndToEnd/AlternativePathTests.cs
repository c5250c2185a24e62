using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Model;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The ways besides the plain one: single stages, waiting, legacy logic, switched-off stages.</summary>
public sealed class AlternativePathTests
{
    [Fact]
    public async Task Analysis_Alone_Ends_Assigned_With_One_Comment_And_Without_Copilot()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue, "analysis");

        IssueView view = app.View(issue);
        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal(["intelligence-analyst"], view.Labels);
        Assert.Empty(view.Assignees);
        Assert.Single(view.Comments);
        Assert.DoesNotContain("Copilot Processing Instructions", view.Body, StringComparison.Ordinal);
        Assert.Equal((2, 2), (record.Usage.GitHubReads, record.Usage.GitHubWrites));
    }

    [Fact]
    public async Task Preparation_Alone_Takes_An_Assigned_Issue_To_Copilot_And_Shows_Processing_Meanwhile()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Verify the registrant", "Who registered it?", "osint-researcher");
        IReadOnlyList<string> meanwhile = [];
        app.GitHub.Before("addComment", _ =>
        {
            meanwhile = app.View(issue).Labels;
            return Task.CompletedTask;
        });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal(["osint-researcher", "processing"], meanwhile.Order());
        Assert.Equal(["copilot-assigned", "osint-researcher"], app.View(issue).Labels.Order());
        Assert.Equal(Stage.Preparation, Assert.Single(record.Stages).Stage);
        Assert.Equal((3, 2, 1, 1), (record.Usage.GitHubReads, record.Usage.GitHubWrites, record.Usage.GitHubExtra, record.Usage.ModelCalls));
    }

    [Fact]
    public async Task What_The_Old_Commands_Left_Behind_Is_Prepared_And_Loses_Site_Monitor()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Left over", "Text", "site-monitor", "target-profiler", "customer-label");

        await app.RunAsync(issue);

        Assert.Equal(["copilot-assigned", "customer-label", "target-profiler"], app.View(issue).Labels.Order());
    }

    [Theory]
    [InlineData("Possible threat on forum", "A forum post mentions a threat and some malware, without details.", "needs-review")]
    [InlineData("Page changed", "Something changed on the page.", "needs clarification")]
    public async Task An_Unsure_Analysis_Waits_For_A_Person_And_Says_Why(string title, string body, string label)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open(title, body, "site-monitor");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Waiting, record.Outcome);
        Assert.Equal(new[] { label, "site-monitor" }.Order(), app.View(issue).Labels.Order());
        Assert.Single(app.View(issue).Comments);
        Assert.Equal(Stage.Analysis, Assert.Single(record.Stages).Stage);
    }

    [Fact]
    public async Task A_Stage_That_The_State_Does_Not_Allow_Is_Refused_And_Changes_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue, "preparation");

        Assert.Equal((RunOutcome.Skipped, "not-assigned"), (record.Outcome, record.ReasonCode));
        Assert.DoesNotContain(app.GitHub.Writes, w => w.Via != "person");
    }

    [Fact]
    public async Task The_Same_Text_Again_Costs_No_Model_Call()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        RunRecord first = await app.RunAsync(app.OpenClear());

        RunRecord second = await app.RunAsync(app.OpenClear());

        Assert.Equal((1, 0), (first.Usage.ModelCalls, first.Usage.CacheHits));
        Assert.Equal((0, 1, 0m), (second.Usage.ModelCalls, second.Usage.CacheHits, second.Usage.Dollars));
    }

    [Fact]
    public async Task A_Model_That_Declines_Leaves_The_Choice_To_A_Person()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Model = ModelBehaviour.Refuses;
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Waiting, "model-refused"), (record.Outcome, record.ReasonCode));
        Assert.Equal(["needs-review", "site-monitor"], app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task With_The_Pipeline_Switched_Off_The_Legacy_Logic_Works_As_The_Old_Commands_Did()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue);

        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Succeeded, Logic.Legacy), (record.Outcome, record.Route));
        Assert.Equal(["intelligence-analyst", "site-monitor", "strategic-analysis", "threat-assessment"], view.Labels.Order());
        Assert.Contains("## 🤖 Copilot Processing Instructions", view.Body, StringComparison.Ordinal);
        Assert.Empty(view.Assignees);
        Assert.Equal(0, record.Usage.ModelCalls);
        Assert.All(record.Stages, s => Assert.Equal(Logic.Legacy, s.Logic));
    }

    [Fact]
    public async Task What_No_Legacy_Rule_Matches_Is_Left_As_It_Is()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.Open("Page changed", "Something changed.", "site-monitor");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Unmatched, record.Outcome);
        Assert.DoesNotContain(app.GitHub.Writes, w => w.Via != "person");
    }

    [Fact]
    public async Task A_Stage_That_Fell_Back_Runs_Legacy_And_The_Other_One_Unified()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline.Analysis");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal([Logic.Legacy, Logic.Unified], record.Stages.Select(s => s.Logic));
        Assert.Contains("copilot-assigned", app.View(issue).Labels);
        Assert.DoesNotContain("site-monitor", app.View(issue).Labels);
    }

    [Fact]
    public async Task Unified_Analysis_Before_Legacy_Preparation_Writes_Its_Result_Itself()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline.Preparation");
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal([Logic.Unified, Logic.Legacy], record.Stages.Select(s => s.Logic));
        Assert.Equal(["intelligence-analyst"], app.View(issue).Labels);
        Assert.Contains("Copilot Processing Instructions", app.View(issue).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Stage_And_Fallback_Off_The_Issue_Waits_Says_So_Once_And_Goes_On_When_The_Stage_Is_On()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline.Analysis", "UnifiedPipeline.Analysis.Fallback");
        IssueRef issue = app.OpenClear();

        RunRecord waiting = await app.RunAsync(issue);
        await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Waiting, "analysis-switched-off"), (waiting.Outcome, waiting.ReasonCode));
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
        Assert.Single(app.View(issue).Comments);

        app.Flags.On("UnifiedPipeline.Analysis");
        RunRecord done = await app.RunAsync(issue);
        Assert.Equal((RunOutcome.Succeeded, 2, 3), (done.Outcome, done.Usage.GitHubReads, done.Usage.GitHubWrites));
        Assert.StartsWith("Resolved: ", app.View(issue).Comments[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site-monitor", "feature", "held-by-feature")]
    [InlineData("osint-researcher", "copilot-assigned", "already-copilot-assigned")]
    [InlineData("business-analyst", null, "specialist-without-catalogue-entry")]
    [InlineData("bug", null, "no-workflow-label")]
    public async Task What_Has_Nothing_To_Do_Is_Skipped_With_The_Reason(string label, string? other, string code)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("t", "b", other is null ? [label] : [label, other]);

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Skipped, code), (record.Outcome, record.ReasonCode));
        Assert.Equal((1, 0), (record.Usage.GitHubReads, record.Usage.GitHubWrites));
    }

    [Theory]
    [InlineData("site-monitor,analyzing", "copilot-assigned,intelligence-analyst")]
    [InlineData("osint-researcher,processing", "copilot-assigned,osint-researcher")]
    [InlineData("site-monitor,feature,analyzing,processing", "feature,site-monitor")]
    public async Task Short_Lived_Labels_Of_A_Crash_Long_Ago_Do_Not_Stay(string labels, string expected)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open(
            "New ransomware campaign against grid operators",
            "A threat actor runs a ransomware campaign with new malware. It exploits CVE-2025-21418.",
            labels.Split(','));

        await app.RunAsync(issue);

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), app.View(issue).Labels.Order());
    }

    [Theory]
    [InlineData("analyzing")]
    [InlineData("processing", "bug")]
    public async Task Labels_Of_These_Names_On_An_Issue_That_Was_Never_In_The_Workflow_Are_Somebody_Elses(params string[] labels)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("t", "b", labels);

        RunRecord record = await app.RunAsync(issue);
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();

        Assert.Equal(("no-workflow-label", 0), (record.ReasonCode, record.Usage.GitHubWrites));
        Assert.Equal(labels.Order(), app.View(issue).Labels.Order());
    }
}
