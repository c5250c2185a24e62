using System.Net.Http.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Tests.Core;
using SiteMonitor.Tests.Security;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>One author's issues, however many and however old, do not keep the others' out of a batch.</summary>
public sealed class BatchFairnessTests
{
    private const int Pages = 7;

    [Fact]
    public async Task An_Issue_Behind_Hundreds_Of_Old_Ones_Of_Another_Author_Is_In_The_Next_Batch()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        for (int i = 0; i < (Pages - 1) * 100; i++)
        {
            SecurityApp.Open(app, $"Flood {i}", SecurityApp.Text, "mallory");
        }

        IssueRef honest = SecurityApp.Open(app, SecurityApp.Title, SecurityApp.Text, "alice");
        long reads = app.GitHub.Stats.RestReads;

        HttpResponseMessage answer = await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 2, DryRun = true });

        BatchResponse batch = (await answer.Content.ReadFromJsonAsync<BatchResponse>(TestContext.Current.CancellationToken))!;
        Assert.Equal(2, batch.Issues.Count);
        Assert.Contains(honest.Canonical, batch.Issues.Select(i => i.Issue));
        int otherListings = WorkflowLabels.GetListed(Domain.Catalogue).Count;
        Assert.InRange(app.GitHub.Stats.RestReads - reads, Pages, Pages + otherListings);
    }
}
