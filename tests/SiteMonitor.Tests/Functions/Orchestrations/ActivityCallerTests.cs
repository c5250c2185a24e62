using System.Text.Json;
using DurableTask.Sqlite.Tests;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Functions.Orchestrations;

/// <summary>Tries, limits and what they cost, on the real engine; replayed at every step, so that nothing is counted twice.</summary>
public sealed class ActivityCallerTests
{
    private static readonly Usage OneWrite = new() { GitHubWrites = 1, Dollars = 0.01m };
    private int _tries;

    [Fact]
    public async Task What_Failed_Tries_Spent_Counts_As_Extra()
    {
        Report report = await CallAsync(() => ++_tries < 3
            ? throw new TransientFailureException("shaky", FailureMessage.Format(new TransientFailureException("shaky", "Not now."), OneWrite))
            : new ActivityResult<RecordRunResult> { Value = new RecordRunResult("ok"), Usage = OneWrite });

        Assert.Equal(3, _tries);
        Assert.Equal(("ok", string.Empty), (report.Answer, report.Code));
        Assert.Equal(new Usage { GitHubWrites = 1, GitHubExtra = 2, Dollars = 0.03m }, report.Usage);
    }

    [Fact]
    public async Task Tries_End_With_The_Last_Failures_Code_And_Reason()
    {
        Report report = await CallAsync(() =>
        {
            _tries++;
            throw new TransientFailureException("shaky", FailureMessage.Format(new TransientFailureException("shaky", "Not now."), OneWrite));
        });

        Assert.Equal(ActivityRetryPolicy.Standard.Attempts, _tries);
        Assert.Equal(("shaky", "Not now.", true), (report.Code, report.Reason, report.IsTransient));
        Assert.Equal(5, report.Usage.GitHubExtra);
    }

    [Fact]
    public async Task A_Permanent_Failure_Is_Tried_Once()
    {
        Report report = await CallAsync(() =>
        {
            _tries++;
            throw new PermanentFailureException("gone", FailureMessage.Format(new PermanentFailureException("gone", "It is gone."), OneWrite));
        });

        Assert.Equal(1, _tries);
        Assert.Equal(("gone", false, 1), (report.Code, report.IsTransient, report.Usage.GitHubExtra));
    }

    [Fact]
    public async Task A_Worker_That_Ends_During_An_Activity_Is_A_Transient_Failure()
    {
        Report report = await CallAsync(() => ++_tries < 3
            ? throw new Microsoft.Azure.WebJobs.Host.FunctionInvocationException("Exception while executing function: Functions.Step")
            : new ActivityResult<RecordRunResult> { Value = new RecordRunResult("ok"), Usage = OneWrite });

        Assert.Equal((3, "ok", string.Empty), (_tries, report.Answer, report.Code));
        Assert.True(report.MayHaveWritten);
    }

    [Fact]
    public async Task An_Activity_That_Exceeds_The_Hosts_Time_Out_Gets_One_More_Attempt()
    {
        Report report = await CallAsync(() =>
        {
            _tries++;
            throw new Microsoft.Azure.WebJobs.Host.FunctionTimeoutException("Timeout value of 00:05:00 exceeded by function: Functions.Step");
        });

        Assert.Equal((2, "unexpected", true), (_tries, report.Code, report.IsTransient));
    }

    [Fact]
    public async Task A_Limit_Is_Waited_For_And_The_Wait_Is_Known()
    {
        Report report = await CallAsync(() => ++_tries < 3
            ? new ActivityResult<RecordRunResult> { RetryAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20), Usage = OneWrite }
            : new ActivityResult<RecordRunResult> { Value = new RecordRunResult("ok"), Usage = OneWrite });

        Assert.Equal("ok", report.Answer);
        Assert.Equal((1, 2), (report.Usage.GitHubWrites, report.Usage.GitHubExtra));
        Assert.InRange(report.Waited, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_Limit_That_Ends_After_The_Runs_Budget_Fails_The_Step_At_Once()
    {
        Report report = await CallAsync(() =>
        {
            _tries++;
            return new ActivityResult<RecordRunResult> { RetryAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(2) };
        });

        Assert.Equal((1, "rate-limit-budget", TimeSpan.Zero), (_tries, report.Code, report.Waited));
    }

    /// <summary>Results of a version without the mark are limits, for which a run waits longer.</summary>
    [Fact]
    public async Task A_Model_That_Is_Down_Is_Not_Waited_For_Beyond_A_Quarter_Of_An_Hour()
    {
        Report report = await CallAsync(() => ++_tries == 1
            ? new ActivityResult<RecordRunResult> { RetryAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20), IsModelOutage = true }
            : new ActivityResult<RecordRunResult> { RetryAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2), IsModelOutage = true });

        Assert.Equal((2, "model-unavailable", true), (_tries, report.Code, report.IsTransient));
        Assert.InRange(report.Waited, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Waits_For_A_Model_That_Is_Down_And_Brief_Waits_Grant_No_New_Attempts(bool isModelOutage, bool isBriefWait)
    {
        Report report = await CallAsync(() => ++_tries % 2 == 0
            ? new ActivityResult<RecordRunResult>
            {
                RetryAt = TimeProvider.System.GetUtcNow(),
                IsModelOutage = isModelOutage,
                IsBriefWait = isBriefWait,
            }
            : throw new TransientFailureException("shaky", FailureMessage.Format(new TransientFailureException("shaky", "Not now."), OneWrite)));

        Assert.Equal((9, "shaky"), (_tries, report.Code));
        Assert.Equal(ActivityRetryPolicy.Standard.Attempts, report.Usage.GitHubExtra);
    }

    [Theory]
    [InlineData("""{"Answer":{"RunId":{"Text":"an object in a later version"}}}""")]
    [InlineData("""{"Version":2,"Outcome":"told otherwise"}""")]
    [InlineData("null")]
    public async Task A_Result_Of_Another_Shape_Is_A_Failure_That_A_Later_Run_May_Not_Meet(string result)
    {
        Report report = await CallAsync<JsonElement>(() => JsonElement.Parse(result));

        Assert.Equal((string.Empty, "unreadable-result", true), (report.Answer, report.Code, report.IsTransient));
    }

    [Fact]
    public async Task Whether_An_Issue_May_Have_Been_Changed_Is_Known_From_The_Requests_That_Were_Sent()
    {
        Assert.False((await CallAsync(() => throw Permanent(new Usage { GitHubReads = 1, GitHubExtra = 1 }))).MayHaveWritten);
        Assert.True((await CallAsync(() => throw Permanent(OneWrite))).MayHaveWritten);
        Assert.True((await CallAsync(() => throw new InvalidOperationException("It broke."))).MayHaveWritten);

        static PermanentFailureException Permanent(Usage spent) => new("gone", FailureMessage.Format(new PermanentFailureException("gone", "It is gone."), spent));
    }


    private static Task<Report> CallAsync(Func<ActivityResult<RecordRunResult>> activity) => CallAsync<ActivityResult<RecordRunResult>>(activity);

    private static async Task<Report> CallAsync<T>(Func<T> activity)
    {
        await using TestHub engine = new(new FastClock(50)) { Configure = options => options.MaxCachedHistories = 0 };
        engine.Activity<string, T>("Step", _ => activity());
        engine.Orchestrator("Run", async context =>
        {
            ActivityCaller caller = new(context);
            try
            {
                RecordRunResult result = await caller.CallAsync<RecordRunResult>("Step", "input", "works", ActivityRetryPolicy.Standard);
                return new Report(result.RunId, string.Empty, string.Empty, false, caller.Usage, caller.Waited, caller.MayHaveWritten);
            }
            catch (ActivityFailedException failure)
            {
                return new Report(string.Empty, failure.Code, failure.Reason, failure.IsTransient, caller.Usage, caller.Waited, caller.MayHaveWritten);
            }
        });
        await engine.StartAsync();
        OrchestrationMetadata ended = await engine.RunAsync("Run");
        return ended.ReadOutputAs<Report>()!;
    }

    private sealed record Report(string Answer, string Code, string Reason, bool IsTransient, Usage Usage, TimeSpan Waited, bool MayHaveWritten);
}
