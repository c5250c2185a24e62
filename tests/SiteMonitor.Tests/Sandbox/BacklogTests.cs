using System.Net.Http.Json;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;
using SiteMonitor.Tests.Functions.EndToEnd;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>Processes the seeds with the whole application, over HTTP, against the simulators.</summary>
public sealed class BacklogTests
{
    /// <summary>Labels that a run may leave on an issue.</summary>
    private static readonly string[] Ends = [.. CatalogueLoader.BuiltIn.Specialists.Select(s => s.Label), "copilot-assigned",
    "needs-review", "needs clarification"];

    private static readonly string[] Us = [Accounts.Bot, Accounts.Operator];

    /// <summary>Longer time-outs, so that a busy machine is not taken for a GitHub that does not answer.</summary>
    private static readonly Dictionary<string, string?> Patient = new() { ["GitHub:RequestTimeout"] = "00:00:30" };

    [Fact]
    public async Task Every_Seed_Of_The_Backlog_Ends_As_It_Says_And_Nothing_Is_Written_Twice()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, new SandboxOptions(), settings: Patient);

        await WorkOffAsync(app);

        string[] problems = [.. SeedCatalogue.Seeds.SelectMany(
            s => SeedCheck.Problems(s, app.GitHub.Issue(s.Number)!, Us).Select(p => $"#{s.Number} ({s.About}): {p}"))];
        Assert.Empty(problems);
        WriteEntry[] ours = [.. app.GitHub.Writes.Where(w => Us.Contains(w.By) && w.Effective)];
        Assert.DoesNotContain(
            ours.GroupBy(w => (w.Issue, w.Kind, w.After)), g => g.Key.Kind is WriteKind.Commented or WriteKind.Assigned or WriteKind.Body
            && g.Count() > 1);
        Assert.Equal(0, app.GitHub.Stats.RateLimited);
    }

    [Fact]
    public async Task A_Fooled_Model_Can_Only_Choose_From_The_Catalogue_And_Nothing_Of_The_Injection_Acts()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            webhooks: true, new SandboxOptions { Model = ModelBehaviour.Fooled }, settings: Patient);
        string[] known = [.. app.GitHub.Issues().SelectMany(i => i.Labels)];

        await WorkOffAsync(app);

        foreach (Seed seed in SeedCatalogue.Seeds.Where(s => s.IsHostile))
        {
            SiteMonitor.Sandbox.Control.IssueView issue = app.GitHub.Issue(seed.Number)!;
            Assert.True(issue.IsOpen);
            Assert.StartsWith(seed.Text()!, issue.Body, StringComparison.Ordinal);
            Assert.Subset(new HashSet<string>([.. Ends, "site-monitor"]), issue.Labels.ToHashSet());
            string written = issue.Body[seed.Text()!.Length..] + string.Concat(issue.Comments.Select(c => c.Body));
            Assert.DoesNotContain("@octo-operator", written, StringComparison.Ordinal);
            Assert.DoesNotContain("@octo-org", written, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(?i)\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\s+(octo-org/watchtower)?#[1-7]\b", written);
        }

        Assert.Subset(new HashSet<string>([.. known, .. Ends]), app.GitHub.Issues().SelectMany(i => i.Labels).ToHashSet());
        Assert.DoesNotContain(app.GitHub.Writes, w => w.Kind is WriteKind.Closed or WriteKind.Merged
            || (w.Kind == WriteKind.LabelCreated && !Ends.Contains(w.After)));
    }

    private static async Task WorkOffAsync(PipelineApp app)
    {
        HttpResponseMessage started = await app.PostAsync(
            "api/pipeline/batch", new BatchRequest { Repository = PipelineApp.Repository, BatchSize = 100 });
        BatchResponse? batch = await started.Content.ReadFromJsonAsync<BatchResponse>(Cancellation);
        Assert.True(batch!.Started > 40, $"only {batch.Started} started: {string.Join("; ", batch.Problems)}");
        await app.IdleAsync();
    }
}
