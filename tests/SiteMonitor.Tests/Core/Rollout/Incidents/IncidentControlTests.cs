using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Incidents;

public sealed class IncidentControlTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task An_Incident_Is_Opened_Acknowledged_Updated_And_Resolved_With_A_Post_Mortem_Draft()
    {
        await OpenAsync();
        _rollout.Run(RunOutcome.Failed, reason: "model-timeout");
        _rollout.Time.Advance(TimeSpan.FromMinutes(5));
        await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), Cancel);
        await _rollout.Incidents.UpdateAsync("inc-1", RolloutFixture.By("ada", "the model's quota is used up"), Cancel);
        OperationResult resolved = await _rollout.Incidents.ResolveAsync("INC-1", RolloutFixture.By("bob", "quota raised"), Cancel);

        Assert.Equal(OperationResult.DoneCode, resolved.Code);
        string draft = (await _rollout.PostMortem.DraftAsync("inc-1", Cancel))!;
        Assert.Contains("# Post-mortem INC-1: the queue grows", draft, StringComparison.Ordinal);
        Assert.Contains("model-timeout: 1 runs", draft, StringComparison.Ordinal);
        Assert.Contains("incident-updated", draft, StringComparison.Ordinal);
        Incident incident = Assert.Single((await _rollout.StateAsync()).Incidents);
        Assert.Equal(("ada", "bob"), (incident.AcknowledgedBy, incident.ResolvedBy));
    }

    [Fact]
    public async Task Unknown_And_Resolved_Incidents_Are_Refused_With_What_Is_Open()
    {
        await OpenAsync();
        OperationResult unknown = await _rollout.Incidents.UpdateAsync("INC-9", RolloutFixture.By("ada", "x"), Cancel);
        Assert.Equal((OperationResult.NotFoundCode, "Open: INC-1"), (unknown.Code, unknown.Next));

        await _rollout.Incidents.ResolveAsync("INC-1", RolloutFixture.By("ada", "over"), Cancel);
        Assert.Equal("INC-1 is resolved already.", (await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), Cancel)).Title);
        Assert.Null(await _rollout.PostMortem.DraftAsync("INC-9", Cancel));
    }

    [Fact]
    public async Task A_Dry_Run_And_An_Empty_Text_Change_Nothing()
    {
        Assert.Equal(OperationResult.InvalidCode, (await _rollout.Incidents.OpenAsync(RolloutFixture.By("ada"), Cancel)).Code);
        Assert.Equal(OperationResult.PlannedCode, (await _rollout.Incidents.OpenAsync(RolloutFixture.By("ada", "x", r => r with { DryRun = true }), Cancel)).Code);
        Assert.Empty((await _rollout.StateAsync()).Incidents);
    }

    [Fact]
    public async Task Nobody_Acknowledging_Goes_On_To_The_Next_Contact_Every_Quarter_Of_An_Hour()
    {
        await OpenAsync();
        await MinutesAsync(14);
        Assert.DoesNotContain((await _rollout.StateAsync()).Outbox, a => a.Contact is not null);
        await MinutesAsync(1);
        Assert.Equal("Project lead", Assert.Single((await _rollout.StateAsync()).Outbox, a => a.Contact is not null).Contact);
        await MinutesAsync(15);
        Assert.Equal(["Project lead", "Escalation"], (await _rollout.StateAsync()).Outbox.Where(a => a.Contact is not null).Select(a => a.Contact));
    }

    [Fact]
    public async Task An_Acknowledged_Incident_Reminds_Every_Half_Hour_Until_It_Is_Resolved()
    {
        await OpenAsync();
        await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), Cancel);
        await MinutesAsync(61);
        Assert.Equal(2, await RemindersAsync());
        await _rollout.Incidents.ResolveAsync("INC-1", RolloutFixture.By("ada", "over"), Cancel);
        await MinutesAsync(61);
        Assert.Equal(2, await RemindersAsync());
    }

    [Fact]
    public async Task Everybody_Is_Reminded_Every_Half_Hour_Also_While_Nobody_Acknowledges()
    {
        await OpenAsync();
        await MinutesAsync(29);
        Assert.Equal(0, await RemindersAsync());
        await MinutesAsync(1);
        Assert.Equal(1, await RemindersAsync());
        await MinutesAsync(30);
        Assert.Equal(2, await RemindersAsync());
        Assert.All((await _rollout.StateAsync()).Outbox.Where(a => a.Title.Contains("still open", StringComparison.Ordinal)), a => Assert.Null(a.Contact));
    }

    [Fact]
    public async Task A_Ledger_That_Cannot_Be_Read_Keeps_No_Incident_From_Being_Told()
    {
        using var rollout = new RolloutFixture("half");
        await rollout.Incidents.OpenAsync(RolloutFixture.By("ada", "the queue grows"), Cancel);
        rollout.Ledger.Broken = new IOException("disk");
        rollout.Time.Advance(TimeSpan.FromDays(1));

        await Assert.ThrowsAsync<IOException>(() => rollout.FollowUps.RunAsync(Cancel));

        Assert.Equal(2, Assert.Single((await rollout.StateAsync()).Incidents).Escalated);
    }

    [Fact]
    public async Task An_Issue_That_Differs_Anew_Is_Told_Also_After_Another_Was_Mended()
    {
        using var rollout = new RolloutFixture("parallel");
        await rollout.StateAsync();
        await FindAsync(rollout, "octo/watch#1", DifferenceClassification.Unexplained);
        await FindAsync(rollout, "octo/watch#1", DifferenceClassification.None);
        await FindAsync(rollout, "octo/watch#2", DifferenceClassification.Unexplained);

        IEnumerable<Announcement> told = (await rollout.StateAsync()).Outbox.Where(a => a.Topic == Topics.DiscrepancyFound);
        Assert.Equal(["New: octo/watch#1.", "New: octo/watch#2."], told.Select(a => a.Lines[0]));
    }

    [Fact]
    public async Task A_Rollout_That_Begins_In_A_Later_Phase_Is_Followed_Up_And_Does_Not_Begin_Again()
    {
        using var rollout = new RolloutFixture("half");
        await rollout.StateAsync();
        rollout.Time.Advance(TimeSpan.FromDays(1.1));
        for (int i = 0; i < 3; i++)
        {
            rollout.Run(i == 0 ? RunOutcome.Failed : RunOutcome.Succeeded, reason: i == 0 ? "model-timeout" : string.Empty);
        }

        rollout.Run(route: Logic.Legacy);
        rollout.Time.Advance(TimeSpan.FromMinutes(1));
        await rollout.FollowUps.RunAsync(Cancel);
        await rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);

        IReadOnlyList<Announcement> told = (await rollout.StateAsync()).Outbox;
        IReadOnlyList<string> daily = Assert.Single(told, a => a.Topic == Topics.DailyUpdate).Lines;
        Assert.Equal("4 runs (3 unified, 1 legacy).", daily[0]);
        Assert.Contains(daily, l => l.StartsWith("✗ Success rate: 66.67 %", StringComparison.Ordinal));
        Assert.Contains(daily, l => l.StartsWith("✓ Cost an issue: $", StringComparison.Ordinal));
        Assert.Contains("Failures: 1 × model-timeout, for example octo/watch#1.", daily);
        Assert.DoesNotContain(told, a => a.Topic == Topics.RolloutAnnounced);
    }

    [Fact]
    public async Task Findings_And_Progress_Are_Told_Once()
    {
        using var rollout = new RolloutFixture("development");
        await rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "x", r => r with { Force = true }), Cancel);
        await rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "x", r => r with { Force = true }), Cancel);
        rollout.Time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 25; i++)
        {
            rollout.Run(i == 0 ? RunOutcome.Failed : RunOutcome.Succeeded);
        }

        rollout.Comparisons.Add("octo/watch#1", rollout.Time.GetUtcNow(), DifferenceClassification.Unexplained);
        for (int quarter = 0; quarter < 4 * 24 * 8; quarter++)
        {
            rollout.Time.Advance(TimeSpan.FromMinutes(15));
            await rollout.FollowUps.RunAsync(Cancel);
        }

        IReadOnlyList<Announcement> told = (await rollout.StateAsync()).Outbox;
        Assert.Contains("Failed runs: 1", Assert.Single(told, a => a.Topic == Topics.GateFailed).Lines[0], StringComparison.Ordinal);
        Assert.Single(told, a => a.Topic == Topics.DiscrepancyFound);
        Assert.InRange(told.Count(a => a.Topic == Topics.DailyUpdate), 7, 8);
        Assert.Single(told, a => a.Topic == Topics.WeeklySummary);
    }

    private Task<OperationResult> OpenAsync() => _rollout.Incidents.OpenAsync(RolloutFixture.By("ada", "the queue grows"), Cancel);

    private static async Task FindAsync(RolloutFixture rollout, string issue, DifferenceClassification difference)
    {
        rollout.Time.Advance(TimeSpan.FromMinutes(15));
        rollout.Comparisons.Add(issue, rollout.Time.GetUtcNow(), difference);
        await rollout.FollowUps.RunAsync(Cancel);
    }

    private async Task MinutesAsync(int minutes)
    {
        for (int i = 0; i < minutes; i++)
        {
            _rollout.Time.Advance(TimeSpan.FromMinutes(1));
            await _rollout.FollowUps.RunAsync(Cancel);
        }
    }

    private async Task<int> RemindersAsync() =>
        (await _rollout.StateAsync()).Outbox.Count(a => a.Title.Contains("still open", StringComparison.Ordinal));
}
