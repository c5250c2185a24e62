using System.Text.Json;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Http;

public sealed class GitHubCircuitBreakerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_GitHub_Is_Down_A_Call_Is_Answered_With_When_To_Ask_Again_And_Sends_Nothing()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(502, "bad gateway")));
        await OpenAsync(test);
        await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System, Token);

        // The probe fails, and the long breaks begin.
        CallResult<IssueSnapshot> first = await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        int sent = test.Server.Seen.Count;
        CallResult<IssueSnapshot> second = await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        Assert.Contains("viewer", test.Server.Seen[^1].Body, StringComparison.Ordinal);
        Assert.Equal(sent, test.Server.Seen.Count);
        Assert.All([first, second], result =>
            Assert.InRange(result.RetryAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(31)));
        Assert.Equal("Bearer app-token", test.Server.Seen[^1].Headers["Authorization"]);
    }

    /// <summary>GitHub answers 502 whenever one issue is read: the probe, which is about no issue, lets the others pass.</summary>
    [Fact]
    public async Task An_Issue_That_GitHub_Cannot_Serve_Stops_No_Other()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(request =>
            IsAbout(request, TrackerUnderTest.Issue.Number) ? new FakeResponse(502, "bad gateway") : new FakeResponse(200, """{"data":{}}""")));
        await OpenAsync(test);
        await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System, Token);

        IssueRef other = IssueRef.Parse("octo-org/site#8");
        await Assert.ThrowsAnyAsync<PipelineException>(() => test.Tracker.ReadAsync(other, Token));

        Assert.Contains("viewer", test.Server.Seen[^2].Body, StringComparison.Ordinal);
        Assert.True(IsAbout(test.Server.Seen[^1], other.Number));
    }

    private static async Task OpenAsync(TrackerUnderTest test)
    {
        // Two reads with two retries each: the circuit opens at the fourth failure. Both calls' own requests failed, so both have failed.
        await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));
        await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));
        Assert.Equal(4, test.Server.Seen.Count);
        Assert.NotNull((await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).RetryAt);
        Assert.Equal(4, test.Server.Seen.Count);
    }

    private static bool IsAbout(RecordedRequest request, int number)
    {
        using JsonDocument body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty("variables", out JsonElement variables)
            && variables.TryGetProperty("number", out JsonElement asked) && asked.GetInt32() == number;
    }
}
