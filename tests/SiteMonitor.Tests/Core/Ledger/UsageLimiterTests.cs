using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class UsageLimiterTests : IDisposable
{
    private readonly MemoryLedger _ledger = new();
    private readonly FakeTimeProvider _time = new(Records.Now);
    private readonly UsageLimiter _limiter;
    private int _runs;

    public UsageLimiterTests() => _limiter = new UsageLimiter(_ledger, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Flood_By_One_Author_Is_Deferred_And_Another_Author_Is_Not()
    {
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 3 };

        UsageDeferral?[] flood = await AdmitAsync(limits, "mallory", 1, 2, 3, 4, 5);

        Assert.Equal([null, null, null, UsageDeferral.AuthorCode, UsageDeferral.AuthorCode], flood.Select(d => d?.Code));
        Assert.Equal(Records.Now.AddDays(1), flood[^1]!.RetryAt);
        Assert.Equal([null], await AdmitAsync(limits, "alice", 6));
        Assert.Equal([null], await AdmitAsync(limits, "MALLORY", 3));
    }

    [Fact]
    public async Task Runs_Of_One_Issue_Beyond_The_First_Three_Count_As_Further_Issues()
    {
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 2 };

        UsageDeferral?[] runs = await AdmitAsync(limits, "mallory", 1, 1, 1, 1, 1);

        Assert.Equal([null, null, null, null, UsageDeferral.AuthorCode], runs.Select(d => d?.Code));
        Assert.Equal([null], await AdmitAsync(limits, "alice", 2));
    }

    [Fact]
    public async Task A_Trusted_Author_And_A_Start_By_Hand_Have_No_Limit_Of_Their_Own()
    {
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 1, TrustedAuthors = ["Monitor[bot]"] };

        Assert.All(await AdmitAsync(limits, "monitor[bot]", 1, 2, 3), Assert.Null);
        Assert.Null(await _limiter.TryAdmitAsync(limits, new UsageRequest("x", "o/r#4", "kim", IsTrusted: true), Stop));
        Assert.Null(await _limiter.TryAdmitAsync(limits, new UsageRequest("y", "o/r#5", "kim", IsTrusted: true), Stop));
    }

    [Fact]
    public async Task Deferred_Runs_Fit_As_Far_As_The_Limits_Have_Room_And_A_Full_Author_Does_Not_Hold_Up_The_Others()
    {
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 1, CopilotSessionsPerDay = 4 };
        await RecordAsync(Records.Run(90) with { AuthorKey = UsageLimiter.GetAuthorKey("mallory"), Usage = new Usage { CopilotSessions = 1 } });
        RunRecord[] deferred =
        [
            Deferred(1, "mallory", UsageDeferral.AuthorCode),
            Deferred(2, "alice", UsageDeferral.AuthorCode),
            Deferred(3, "alice", UsageDeferral.AuthorCode),
            Deferred(4, "monitor[bot]", UsageDeferral.CopilotCode),
            Deferred(5, "monitor[bot]", UsageDeferral.CopilotCode),
            Deferred(6, "monitor[bot]", UsageDeferral.CopilotCode),
        ];

        IReadOnlyList<RunRecord> fitting = await _limiter.SelectAdmissibleAsync(limits, deferred, Stop);

        Assert.Equal(["o/r#2", "o/r#4", "o/r#5"], fitting.Select(r => r.Issue));
    }

    [Fact]
    public async Task Copilot_Sessions_Under_Way_And_Recorded_Count_By_Hour_And_Day()
    {
        UsageLimits limits = new() { CopilotSessionsPerHour = 2, CopilotSessionsPerDay = 4 };
        await RecordAsync(Records.Run(90, hoursAgo: 20), Records.Run(91, hoursAgo: 0.5));

        UsageDeferral?[] admitted = await AdmitAsync(limits, "kim", 1, 2);

        Assert.Equal([null, UsageDeferral.CopilotCode], admitted.Select(d => d?.Code));
        Assert.Equal(Records.Now.AddHours(0.5), admitted[1]!.RetryAt);
        _time.Advance(TimeSpan.FromHours(1.5));
        Assert.Equal([null, UsageDeferral.CopilotCode], (await AdmitAsync(limits with { CopilotSessionsPerHour = 9 }, "kim", 3, 4)).Select(d => d?.Code));
    }

    [Fact]
    public async Task Dollars_Of_Runs_Under_Way_Are_Estimated_From_Those_Recorded()
    {
        UsageLimits limits = new() { DollarsPerHour = 1 };
        await RecordAsync(Records.Run(90, hoursAgo: 0.5) with { Usage = new Usage { Dollars = 0.5m } });

        Assert.Equal([null, UsageDeferral.CostCode], (await AdmitAsync(limits, "kim", 1, 2)).Select(d => d?.Code));
    }

    [Fact]
    public async Task A_Run_That_Had_Nothing_To_Do_Gives_Its_Place_Back()
    {
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 1 };
        await AdmitAsync(limits, "kim", 1);

        await _limiter.CompleteAsync(Records.Run(1, RunOutcome.Skipped) with { RunId = "run 1" }, Stop);

        Assert.Equal([null], await AdmitAsync(limits, "kim", 2));
    }

    [Fact]
    public async Task A_Run_That_Asks_Twice_Counts_Once_Also_When_Its_Record_Is_There()
    {
        UsageLimits limits = new() { CopilotSessionsPerHour = 1 };
        UsageRequest request = new("again", "o/r#1", "kim", IsTrusted: false);

        Assert.Null(await _limiter.TryAdmitAsync(limits, request, Stop));
        Assert.Null(await _limiter.TryAdmitAsync(limits, request, Stop));
        await _limiter.CompleteAsync(Records.Run(1) with { RunId = "again" }, Stop);
        Assert.Null(await _limiter.TryAdmitAsync(limits, request, Stop));
    }

    [Fact]
    public async Task Without_Limits_Everything_Is_Admitted()
    {
        UsageLimits none = new()
        {
            IssuesPerAuthorPerDay = null, CopilotSessionsPerHour = null, CopilotSessionsPerDay = null, DollarsPerHour = null, DollarsPerDay = null,
        };

        Assert.All(await AdmitAsync(none, "kim", [.. Enumerable.Range(1, 1200)]), Assert.Null);
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<UsageDeferral?[]> AdmitAsync(UsageLimits limits, string author, params int[] issues)
    {
        List<UsageDeferral?> results = [];
        foreach (int issue in issues)
        {
            results.Add(await _limiter.TryAdmitAsync(limits, new UsageRequest($"run {++_runs}", $"o/r#{issue}", author, IsTrusted: false), Stop));
        }

        return [.. results];
    }

    private async Task RecordAsync(params RunRecord[] records)
    {
        foreach (RunRecord record in records)
        {
            await _ledger.AppendAsync(record with { Usage = record.Usage with { CopilotSessions = 1 } }, Stop);
        }
    }

    private static RunRecord Deferred(int issue, string author, string code) => Records.Run(issue, RunOutcome.Skipped, hoursAgo: 30) with
    {
        ReasonCode = code,
        AuthorKey = UsageLimiter.GetAuthorKey(author),
    };
}
