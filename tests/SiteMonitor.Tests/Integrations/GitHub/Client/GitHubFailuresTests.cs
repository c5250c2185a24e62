using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Client;

public sealed class GitHubFailuresTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401, "github-unauthorized")]
    [InlineData(403, "github-forbidden")]
    [InlineData(404, "github-not-found")]
    [InlineData(410, "github-gone")]
    [InlineData(422, "github-unprocessable")]
    [InlineData(451, "github-blocked")]
    [InlineData(418, "github-refused")]
    public async Task What_Another_Try_Cannot_Mend_Is_Permanent_And_Tried_Once(int status, string code)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(status, """{"message":"secret words"}""")));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => ListAsync(test));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("secret words", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("app-token", failure.Message, StringComparison.Ordinal);
        Assert.Single(test.Server.Seen);
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(502, 3)]
    [InlineData(503, 3)]
    [InlineData(504, 3)]
    public async Task A_Read_Is_Tried_Again_At_Once_Where_That_Helps_And_The_Tries_Count_As_Extra(int status, int tries)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(status, "<html>", "text/html")));

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test));

        Assert.Equal("github-server-error", failure.Code);
        Assert.Equal(tries, test.Server.Seen.Count);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubExtra = tries - 1 }, test.Usage);
    }

    [Fact]
    public async Task A_Broken_Connection_Is_Tried_Again()
    {
        int asked = 0;
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            Interlocked.Increment(ref asked) == 1 ? FakeResponse.Broken : GitHubJson.Read(r, GitHubJson.Issue())));

        Assert.Equal("I_7", (await ReadAsync(test)).Value!.NodeId);
        Assert.Equal(2, test.Server.Seen.Count);
    }

    [Fact]
    public async Task Nobody_At_The_Address_Is_Transient()
    {
        FakeServer gone = await FakeServer.StartAsync(_ => new FakeResponse(200, "{}"));
        await using TrackerUnderTest test = TrackerUnderTest.For(gone, ("ReadRetries", "0"));
        await gone.DisposeAsync();

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test));
        Assert.Equal("github-unreachable", failure.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":{"repository":7}}""")]
    [InlineData("""{"data":{"viewer":{"login":"x"},"repository":{"id":"R_1","issueOrPullRequest":{"id":7}}}}""")]
    [InlineData("[1,2,3]")]
    public async Task Garbage_Is_Transient(string body)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(200, body)));
        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test));
        Assert.Equal("github-garbled-answer", failure.Code);
    }

    [Fact]
    public async Task A_Page_Instead_Of_Json_Is_Transient()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(200, "<html>Unicorn!</html>", "text/html")));
        await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test));
        await Assert.ThrowsAsync<TransientFailureException>(() => ListAsync(test));
    }

    [Fact]
    public async Task A_Server_That_Never_Answers_Is_Given_Up()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(async (_, stop) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return FakeResponse.Broken;
            }),
            ("RequestTimeout", "00:00:00.300"));
        long start = Stopwatch.GetTimestamp();

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test));

        Assert.Equal("github-timeout", failure.Code);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_Caller_Who_Stops_Waiting_Is_Let_Go()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return FakeResponse.Broken;
        }));
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, caller.Token));
        // Octokit's own methods take no token; ours reaches the request all the same.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Tracker.ListCandidatesAsync(
            new CandidateQuery(TrackerUnderTest.Issue.Repository, ["site-monitor"], 1), new CancellationToken(true)));
    }

    [Theory]
    [InlineData(null, "github-server-error")]
    [InlineData("SOMETHING_NEW", "github-server-error")]
    public async Task A_GraphQL_Error_Of_No_Known_Type_Is_Transient(string? type, string code)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Error(type)));
        Assert.Equal(code, (await Assert.ThrowsAsync<TransientFailureException>(() => ReadAsync(test))).Code);
    }

    [Theory]
    [InlineData("FORBIDDEN", "github-forbidden")]
    [InlineData("INSUFFICIENT_SCOPES", "github-forbidden")]
    [InlineData("UNPROCESSABLE", "github-unprocessable")]
    public async Task A_GraphQL_Refusal_Is_Permanent(string type, string code)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Error(type)));
        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => ReadAsync(test));
        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("words of GitHub", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Field_The_Server_Does_Not_Know_Is_Permanent()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.UndefinedField("viewerDidAuthor")));
        Assert.Equal("github-graphql-invalid", (await Assert.ThrowsAsync<PermanentFailureException>(() => ReadAsync(test))).Code);
    }

    [Theory]
    [InlineData(429, "retry-after", "30", 30)]
    [InlineData(403, "retry-after", "30", 30)]
    [InlineData(403, "x-ratelimit-remaining", "0", 120)]
    [InlineData(429, null, null, 60)]
    public async Task A_Rate_Limit_Is_A_Value_And_Bars_Further_Requests(int status, string? header, string? value, int seconds)
    {
        FakeResponse reply = new FakeResponse(status, """{"message":"You have exceeded a secondary rate limit."}""")
            .With("x-ratelimit-reset", (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 119).ToString(CultureInfo.InvariantCulture));
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => header is null ? reply : reply.With(header, value!)));

        CallResult<IssueSnapshot> first = await ReadAsync(test);
        CallResult<IReadOnlyList<Candidate>> second = await test.Tracker.ListCandidatesAsync(Query, Token);

        Assert.InRange((first.RetryAt!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, seconds - 3, seconds + 3);
        Assert.InRange((second.RetryAt!.Value - first.RetryAt.Value).TotalSeconds, -2, 2);
        Assert.Single(test.Server.Seen);
    }

    [Fact]
    public async Task A_403_That_Only_Speaks_Of_A_Limit_Is_One()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(_ => new FakeResponse(403, """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}""")));
        Assert.True((await ReadAsync(test)).IsRateLimited);
    }

    [Fact]
    public async Task GraphQLs_Own_Rate_Limit_Bars_GraphQL_Only()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation.Length > 0
            ? GitHubJson.Error("RATE_LIMITED", "API rate limit exceeded for user ID 1.")
                .With("x-ratelimit-limit", "5000").With("x-ratelimit-remaining", "0").With("x-ratelimit-resource", "graphql")
                .With("x-ratelimit-reset", (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 300).ToString(CultureInfo.InvariantCulture))
            : new FakeResponse(200, "[]")));

        CallResult<IssueSnapshot> limited = await ReadAsync(test);
        CallResult<IssueSnapshot> again = await ReadAsync(test);
        CallResult<IReadOnlyList<Candidate>> rest = await test.Tracker.ListCandidatesAsync(Query, Token);

        Assert.InRange((limited.RetryAt!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, 295, 305);
        Assert.True(again.IsRateLimited);
        Assert.False(rest.IsRateLimited);
        Assert.Equal(1, test.Server.Seen.Count(r => r.Operation.Length > 0));
    }

    [Fact]
    public async Task The_Last_Request_Of_The_Hour_Is_Answered_And_The_Next_Waits()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, GitHubJson.Issue())
            .With("x-ratelimit-remaining", "0").With("x-ratelimit-resource", "graphql")
            .With("x-ratelimit-reset", (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 100).ToString(CultureInfo.InvariantCulture))));

        Assert.False((await ReadAsync(test)).IsRateLimited);
        Assert.True((await ReadAsync(test)).IsRateLimited);
        Assert.Single(test.Server.Seen);
    }

    [Fact]
    public async Task A_Moved_Repository_Is_Followed()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Path.Contains("/site/", StringComparison.Ordinal)
                ? new FakeResponse(301, """{"message":"Moved Permanently"}""").With("Location", $"http://{r.Headers["Host"]}/api/v3/repositories/1/issues{r.Query}")
                : new FakeResponse(200, new JsonArray(GitHubJson.RestIssue(7, ["urgent", "site-monitor"], [])).ToJsonString())));

        Assert.Single((await test.Tracker.ListCandidatesAsync(Query with { UrgentOnly = true }, Token)).Value!);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubExtra = 1 }, test.Usage);
    }

    [Theory]
    [InlineData("UNPROCESSABLE", "was submitted too quickly")]
    [InlineData(null, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")]
    [InlineData("SOMETHING_NEW", "You have triggered an Abuse Detection mechanism.")]
    [InlineData("RATE_LIMITED", "You have exceeded a Secondary Rate Limit.")]
    public async Task A_Secondary_Limit_Among_GraphQLs_Errors_Is_A_Value_And_Bars_Everything(string? type, string message)
    {
        await using TrackerUnderTest named = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Error(type, message).With("retry-after", "30")));
        await using TrackerUnderTest unnamed = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Error(type, message)));

        AssertAbout(30, (await ReadAsync(named)).RetryAt);
        AssertAbout(30, (await ListAsync(named)).RetryAt);
        AssertAbout(60, (await ReadAsync(unnamed)).RetryAt);
        AssertAbout(60, (await ListAsync(unnamed)).RetryAt);
        Assert.Single(named.Server.Seen);
        Assert.Single(unnamed.Server.Seen);
    }

    [Fact]
    public async Task A_422_That_Speaks_Of_Submitting_Too_Quickly_Is_A_Limit()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(_ => new FakeResponse(422, """{"message":"Validation Failed","errors":["was submitted too quickly"]}""")));
        AssertAbout(60, (await ListAsync(test)).RetryAt);
    }

    [Fact]
    public async Task Whatever_Is_Answered_With_Retry_After_Bars_The_Next_Request()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, GitHubJson.Issue()).With("retry-after", "30")));

        Assert.False((await ReadAsync(test)).IsRateLimited);
        AssertAbout(30, (await ReadAsync(test)).RetryAt);
        Assert.Single(test.Server.Seen);
    }

    private static void AssertAbout(int seconds, DateTimeOffset? retryAt) =>
        Assert.InRange((Assert.NotNull(retryAt) - TimeProvider.System.GetUtcNow()).TotalSeconds, seconds - 4, seconds + 4);


    private static CandidateQuery Query => new(TrackerUnderTest.Issue.Repository, ["site-monitor"], 10);

    private static Task<CallResult<IssueSnapshot>> ReadAsync(TrackerUnderTest test) => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

    private static Task<CallResult<IReadOnlyList<Candidate>>> ListAsync(TrackerUnderTest test) => test.Tracker.ListCandidatesAsync(Query, Token);
}
