using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Many issues come at once, and GitHub takes one write after the other.</summary>
public sealed class BurstTests
{
    private const int IssueCount = 24;

    [Fact]
    public async Task What_Has_Begun_Is_Finished_Before_More_Begins()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, settings: new() { ["GitHub:WriteInterval"] = "00:00:00.3" });

        IssueRef[] issues = [.. Enumerable.Range(0, IssueCount).Select(_ => app.OpenClear())];
        await app.IdleAsync();

        WriteEntry[] added = [.. app.GitHub.Writes.Where(w => w is { Kind: WriteKind.LabelAdded, Via: "graphql" }).OrderBy(w => w.Sequence)];
        int begunBeforeFirstEnd = added.TakeWhile(w => w.After != "copilot-assigned").Count(w => w.After == "analyzing");
        Assert.InRange(begunBeforeFirstEnd, 1, IssueCount / 2);
        Assert.All(issues, issue => Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome));
    }
}
