using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Kills the host while it takes the sandbox's finished backlog back.</summary>
public sealed class UndoCrashTests
{
    private const int Kills = 4;
    private const int MaxWritesBeforeAKill = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_At_Random_Moments_It_Goes_On_And_Leaves_Every_Issue_As_Seeded()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { TimeScale = 3_600 }, SeedCatalogue.Repository, Cancelled);
        string id = string.Empty;
        for (int kill = 0; kill < Kills; kill++)
        {
            using HostProcess victim = setup.Launch();
            using HttpClient http = await setup.ConnectAsync(victim, Cancelled);
            if (id.Length == 0)
            {
                await setup.ProcessBacklogAsync(http, Cancelled);
                id = (await StartAsync(http)).Id;
            }

            await WhenWrittenAsync(setup.Sandbox, setup.Sandbox.Writes.Count + 1 + random.Next(MaxWritesBeforeAKill));
            victim.Kill();
        }

        using HostProcess last = setup.Launch();
        using HttpClient client = await setup.ConnectAsync(last, Cancelled);
        UndoStatus undo = await EndAsync(client, id);

        Assert.True(undo.State == UndoState.Completed && undo.Failed == 0, $"Seed {seed}: {RolloutJson.Write(undo)}");
        Assert.Equal(SeedCatalogue.Seeds.Count(s => s.ExpectedOutcome != SeedOutcome.Untouched), undo.Undone);
        string[] differences = [.. SeedCatalogue.Seeds.SelectMany(s => FindDifferences(s, setup.Sandbox.Issue(s.Number)!))];
        Assert.Empty(differences.Select(d => $"Seed {seed}: {d}"));
    }

    /// <summary>A short-lived label that an interrupted run had left before is not put back.</summary>
    private static IEnumerable<string> FindDifferences(Seed seed, IssueView issue)
    {
        if (issue.Body != (seed.Text() ?? string.Empty))
        {
            yield return $"#{seed.Number}: the text differs";
        }

        if (!seed.Labels.Except(["analyzing", "processing"]).ToHashSet().SetEquals(issue.Labels.Except(["analyzing", "processing"])))
        {
            yield return $"#{seed.Number}: labels are {string.Join(", ", issue.Labels)}";
        }

        if (seed.Assignees.Count != issue.Assignees.Count || seed.Comments.Count != issue.Comments.Count)
        {
            yield return $"#{seed.Number}: {issue.Assignees.Count} assignees, {issue.Comments.Count} comments";
        }
    }

    private static async Task<UndoStatus> StartAsync(HttpClient http)
    {
        UndoRequest request = new() { Operator = "ada", Since = "30d" };
        using StringContent body = new(RolloutJson.Write(request), null, "application/json");
        HttpResponseMessage response = await http.PostAsync("rollout/undo", body, Cancelled);
        return RolloutJson.Read<UndoStatus>(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<UndoStatus> EndAsync(HttpClient http, string id)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(Patience);
        while (true)
        {
            UndoStatus status = RolloutJson.Read<UndoStatus>(await http.GetStringAsync($"rollout/undo/{id}", patience.Token));
            if (status.State != UndoState.Running)
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
        }
    }

    private static async Task WhenWrittenAsync(SandboxServer sandbox, int count)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(Patience);
        while (sandbox.Writes.Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
