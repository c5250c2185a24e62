using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class CandidateListerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly RepositoryRef Repository = TrackerUnderTest.Issue.Repository;

    [Fact]
    public async Task Urgent_Ones_Come_First_Then_The_Oldest_Each_Once()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync(
            (5, ["site-monitor"]), (3, ["osint-researcher"]), (9, ["site-monitor", "osint-researcher", "Urgent"]), (1, ["site-monitor", "osint-researcher"]), (2, ["urgent"]), (8, ["feature"])));

        IReadOnlyList<Candidate> found = await ListAsync(test, new CandidateQuery(Repository, ["site-monitor", "osint-researcher"], 10));

        Assert.Equal([9, 1, 3, 5], found.Select(c => c.Ref.Number));
        Assert.Equal(["site-monitor", "osint-researcher", "Urgent"], found[0].Labels);
        Assert.Equal(3, test.Usage.GitHubReads);
    }

    [Fact]
    public async Task Urgent_Only_Leaves_The_Others_Out()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync((5, ["site-monitor"]), (9, ["site-monitor", "urgent"])));
        Assert.Equal([9], (await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 10, UrgentOnly: true))).Select(c => c.Ref.Number));
        Assert.Equal(1, test.Usage.GitHubReads);
    }

    [Fact]
    public async Task Pages_Are_Read_Only_As_Far_As_Needed()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync([.. Enumerable.Range(1, 250).Select(n => (n, new[] { "site-monitor" }))]));

        Assert.Equal(Enumerable.Range(1, 50), (await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 50))).Select(c => c.Ref.Number));
        Assert.Equal(2, test.Server.Seen.Count);
        Assert.Equal(Enumerable.Range(1, 250), (await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 1000))).Select(c => c.Ref.Number));
        Assert.Equal(2 + 4, test.Server.Seen.Count);
    }

    [Fact]
    public async Task Pull_Requests_Are_No_Candidates()
    {
        JsonObject pull = GitHubJson.RestIssue(4, ["site-monitor"], []);
        pull["pull_request"] = new JsonObject { ["url"] = "https://api.github.com/repos/octo-org/site/pulls/4" };
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(200, new JsonArray(pull.DeepClone()).ToJsonString())));
        Assert.Empty(await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 10)));
    }

    [Fact]
    public async Task An_Unchanged_Page_Is_Asked_For_Conditionally_And_Taken_From_Memory()
    {
        FakeServer server = await ListingAsync((5, ["site-monitor"]));
        await using TrackerUnderTest test = TrackerUnderTest.For(server, ("Limits:RequestsPerHour", "8"), ("MaxQueueWait", "00:00:00"));
        CandidateQuery query = new(Repository, ["site-monitor"], 10);

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal([5], (await ListAsync(test, query)).Select(c => c.Ref.Number));
        }

        // Two requests counted; the eight answered 304 are free, so the half of eight an hour that is left for reads suffices.
        Assert.Equal(10, server.Seen.Count);
        Assert.All(server.Seen.Skip(2), r => Assert.StartsWith("\"etag-", r.Headers["If-None-Match"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_The_Query_Turns_Down_Does_Not_Count_However_Much_Of_It_Is_Older()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync([.. Enumerable.Range(1, 250).Select(n => (n, new[] { "site-monitor" }))]));

        IReadOnlyList<Candidate> found = await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 2) { IsWanted = Above(240) });

        Assert.Equal([241, 242], found.Select(c => c.Ref.Number));
        Assert.Equal(1 + 3, test.Server.Seen.Count);
    }

    [Fact]
    public async Task Nor_Do_Urgent_Ones_That_Are_Turned_Down()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync([.. Enumerable.Range(1, 150).Select(n => (n, new[] { "site-monitor", "urgent" }))]));

        IReadOnlyList<Candidate> found = await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 2, UrgentOnly: true) { IsWanted = Above(140) });

        Assert.Equal([141, 142], found.Select(c => c.Ref.Number));
    }

    [Fact]
    public async Task A_Listing_Is_Read_No_Further_Than_Its_Bound_Though_Nothing_Of_It_Is_Wanted()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync([.. Enumerable.Range(1, 2500).Select(n => (n, new[] { "site-monitor" }))]));

        Assert.Empty(await ListAsync(test, new CandidateQuery(Repository, ["site-monitor"], 2) { IsWanted = Above(2500) }));

        Assert.Equal(1 + CandidateQuery.MaxPages, test.Server.Seen.Count);
    }

    [Fact]
    public async Task Each_Issue_Is_Judged_Once_Though_It_Stands_In_Several_Listings()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await ListingAsync((1, ["site-monitor", "osint-researcher", "urgent"])));
        int judged = 0;

        await ListAsync(test, new CandidateQuery(Repository, ["site-monitor", "osint-researcher"], 2) { IsWanted = (_, _) => ValueTask.FromResult(++judged > 0) });

        Assert.Equal(1, judged);
    }

    [Fact]
    public async Task Urgent_Ones_Found_Before_A_Limit_Are_Not_Lost()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(request => request.Query.Contains("labels=urgent", StringComparison.Ordinal)
            ? new FakeResponse(200, new JsonArray(GitHubJson.RestIssue(9, ["urgent", "site-monitor"], [])).ToJsonString())
            : new FakeResponse(429, "{}").With("retry-after", "30")));

        CallResult<IReadOnlyList<Candidate>> listed = await test.Tracker.ListCandidatesAsync(new CandidateQuery(Repository, ["site-monitor"], 10), Token);

        Assert.Equal([9], listed.Value!.Select(c => c.Ref.Number));
        Assert.True(listed.IsRateLimited);
    }

    private static Func<Candidate, CancellationToken, ValueTask<bool>> Above(int number) => (candidate, _) => ValueTask.FromResult(candidate.Ref.Number > number);


    private static async Task<IReadOnlyList<Candidate>> ListAsync(TrackerUnderTest test, CandidateQuery query) =>
        (await test.Tracker.ListCandidatesAsync(query, Token)).Value!;

    /// <summary>Lists as GitHub does: all labels of the filter, in pages with a link to the next, with ETags.</summary>
    private static Task<FakeServer> ListingAsync(params (int Number, string[] Labels)[] issues) => FakeServer.StartAsync(request =>
    {
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query = QueryHelpers.ParseQuery(request.Query);
        Assert.Equal(("open", "created", "asc"), (query["state"].ToString(), query["sort"].ToString(), query["direction"].ToString()));
        string[] wanted = query["labels"].ToString().Split(',');
        int size = int.Parse(query["per_page"]!, CultureInfo.InvariantCulture);
        int page = int.Parse(query["page"]!, CultureInfo.InvariantCulture);
        (int Number, string[] Labels)[] matching =
            [.. issues.Where(i => wanted.All(w => i.Labels.Contains(w, StringComparer.OrdinalIgnoreCase))).OrderBy(i => i.Number)];
        JsonArray body = new([.. matching.Skip((page - 1) * size).Take(size).Select(i =>
            GitHubJson.RestIssue(i.Number, i.Labels, [], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i.Number).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)))]);
        string etag = $"\"etag-{wanted[0]}-{page}\"";
        if (request.Headers.GetValueOrDefault("If-None-Match") == etag)
        {
            return new FakeResponse(304, string.Empty).With("ETag", etag);
        }

        FakeResponse reply = new FakeResponse(200, body.ToJsonString()).With("ETag", etag);
        return matching.Length > page * size ? reply.With("Link", $"<http://other/?page={page + 1}>; rel=\"next\"") : reply;
    });
}
