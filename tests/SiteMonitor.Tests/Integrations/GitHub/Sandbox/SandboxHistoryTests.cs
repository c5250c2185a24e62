using SiteMonitor.Core;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Integrations.GitHub.Sandbox;

/// <summary>The history of issues as the simulated GitHub's GraphQL executor tells it.</summary>
public sealed class SandboxHistoryTests
{
    private const string Monitor = "watchtower-monitor[bot]";
    private static readonly RepositoryRef Repository = RepositoryRef.Parse(SeedCatalogue.Repository);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_Issue_Comes_Once_Oldest_First_Without_Pull_Requests_And_Nothing_Is_Written()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());

        List<HistoryPage> pages = await ReadPagesAsync(test);

        Seed[] seeds = [.. SeedCatalogue.Seeds.Where(s => !s.IsPullRequest)];
        Assert.Equal(seeds.Select(s => s.Number), pages.SelectMany(p => p.Issues).Select(i => i.Number));
        Assert.Equal(3, pages.Count);
        Assert.All(pages, page => Assert.Equal(seeds.Length, page.Total));
        Assert.All(seeds.Zip(pages.SelectMany(p => p.Issues)), pair =>
        {
            (Seed seed, IssueHistory issue) = pair;
            Assert.Equal((seed.Title, seed.Text() ?? string.Empty, seed.Author), (issue.Title, issue.Body, issue.Author));
            Assert.Equal(seed.Labels, issue.Labels);
            Assert.Equal(seed.Labels.Select(l => new LabelEvent(issue.CreatedAt, l, true, seed.Author, seed.Author == Monitor)), issue.LabelEvents);
            Assert.Equal(seed.Assignees.Select(a => new AssigneeEvent(issue.CreatedAt, a, true)), issue.AssigneeEvents);
            Assert.Equal(seed.ClosedAs, issue.ClosedAs switch { CloseReason.Completed => "completed", CloseReason.NotPlanned => "not_planned", _ => null });
            Assert.Equal(seed.ClosedAs is not null, issue.ClosedAt is not null);
        });
        LinkedPullRequest pull = Assert.Single(Assert.Single(pages.SelectMany(p => p.Issues), i => i.PullRequests.Count > 0).PullRequests);
        Assert.Equal(new LinkedPullRequest(SeedCatalogue.Repository, 57, "copilot-swe-agent[bot]", true, PullRequestEnd.Open), pull);
        Assert.Empty(test.Server.Writes);
        Assert.Equal((3, 0), (test.Usage.GitHubReads, test.Usage.GitHubWrites));
    }

    [Fact]
    public async Task The_First_Title_And_Text_Come_Back_Whatever_Was_Made_Of_Them()
    {
        await using SandboxTracker test = SandboxTracker.For(await StartEmptyAsync());
        int number = Open(test, "As it was opened", "The first text.");
        Act(test, number, UserActionKind.EditTitle, "Second title");
        Act(test, number, UserActionKind.EditTitle, "Third title");
        for (int i = 0; i < 4; i++)
        {
            Act(test, number, UserActionKind.EditBody, text: $"Text {i}");
        }

        IssueHistory issue = await ReadOnlyAsync(test);

        Assert.Equal(("As it was opened", "The first text."), (issue.Title, issue.Body));
    }

    [Fact]
    public async Task Labels_And_Assignees_Are_Told_With_Who_Set_Them_And_What_Is_Ours_Counts_As_A_Bots()
    {
        await using SandboxTracker test = SandboxTracker.For(await StartEmptyAsync());
        int number = Open(test, "Finding", "Text", "bug");
        Act(test, number, UserActionKind.AddLabel, "threat-hunter", login: "mona-lisa");
        Act(test, number, UserActionKind.RemoveLabel, "threat-hunter", login: "mona-lisa");
        Act(test, number, UserActionKind.AddLabel, "osint-researcher", login: "sitemonitor-bot");
        Act(test, number, UserActionKind.AddLabel, "copilot-assigned", login: "octo-operator");
        Act(test, number, UserActionKind.AddLabel, "urgent", login: "triage[bot]");
        Act(test, number, UserActionKind.Assign, "hubot");
        Act(test, number, UserActionKind.Assign, "copilot-swe-agent[bot]");
        Act(test, number, UserActionKind.Unassign, "hubot");
        Act(test, number, UserActionKind.Merge);

        IssueHistory issue = await ReadOnlyAsync(test);

        Assert.Equal(
            [
                ("bug", true, Monitor, true), ("threat-hunter", true, "mona-lisa", false), ("threat-hunter", false, "mona-lisa", false),
                ("osint-researcher", true, "sitemonitor-bot", true), ("copilot-assigned", true, "octo-operator", true),
                ("urgent", true, "triage[bot]", true),
            ],
            issue.LabelEvents.Select(e => (e.Label, e.IsAdded, e.By, e.IsByBot)));
        Assert.Equal(
            [("hubot", true), ("copilot-swe-agent[bot]", true), ("hubot", false)], issue.AssigneeEvents.Select(e => (e.Assignee, e.IsAssigned)));
        Assert.Equal((CloseReason.Completed, PullRequestEnd.Merged), (issue.ClosedAs, Assert.Single(issue.PullRequests).End));
    }

    [Fact]
    public async Task A_Long_History_Is_Read_To_Its_End_And_Only_Our_Own_Comments_Are_Kept_By_Kind()
    {
        await using SandboxTracker test = SandboxTracker.For(await StartEmptyAsync());
        int number = Open(test, "Finding", "Text");
        for (int i = 0; i < 80; i++)
        {
            Act(test, number, UserActionKind.AddLabel, "bug");
            Act(test, number, UserActionKind.RemoveLabel, "bug");
            Act(test, number, UserActionKind.Comment, text: $"Comment {i}");
        }

        IssueSnapshot snapshot = (await test.Tracker.ReadAsync(SandboxTracker.Issue(number), Stop)).Value!;
        foreach (CommentKind kind in (CommentKind[])[CommentKind.Assignment, CommentKind.NeedsReview])
        {
            IssueChange change = IssueChange.None with { Comment = CommentMarkers.CreateChange(snapshot, kind, "Ours.", SandboxTracker.Markers) };
            await test.Tracker.ApplyAsync(snapshot.Ref, snapshot.NodeId, change, Stop);
        }

        IssueHistory issue = await ReadOnlyAsync(test);

        Assert.Equal(160, issue.LabelEvents.Count);
        Assert.Equal(issue.LabelEvents.OrderBy(e => e.At), issue.LabelEvents);
        Assert.Equal(Enumerable.Range(0, 160).Select(i => i % 2 == 0), issue.LabelEvents.Select(e => e.IsAdded));
        Assert.Equal(["assignment", "needs-review"], issue.OwnComments);
    }

    [Fact]
    public async Task Since_Counts_From_The_Opening_Although_GitHub_Filters_By_Change()
    {
        SimulatedClock clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using SandboxTracker test = SandboxTracker.For(
            await SandboxTracker.StartAsync(o => o with { Seeds = SeedSet.Empty, Time = clock, Latency = new SandboxLatency() }));
        int[] old = [.. Enumerable.Range(0, 40).Select(i => Open(test, $"Old {i}", "Text"))];
        clock.Advance(TimeSpan.FromDays(10));
        DateTimeOffset since = clock.GetUtcNow();
        int[] recent = [.. Enumerable.Range(0, 30).Select(i => Open(test, $"New {i}", "Text"))];
        foreach (int number in old.Take(35))
        {
            Act(test, number, UserActionKind.AddLabel, "bug");
        }

        List<HistoryPage> pages = await ReadPagesAsync(test, since.AddSeconds(-1));

        Assert.Equal(recent, pages.SelectMany(p => p.Issues).Select(i => i.Number));
        Assert.Equal(recent.Length, pages[^1].Total);
        Assert.Equal([0, 15, 15], pages.Select(p => p.Issues.Count));
    }

    [Fact]
    public async Task Pages_Continue_Rightly_Although_Issues_Are_Deleted_And_Changed_Meanwhile()
    {
        await using SandboxTracker test = SandboxTracker.For(await StartEmptyAsync());
        int[] numbers = [.. Enumerable.Range(0, 60).Select(i => Open(test, $"Finding {i}", "Text"))];

        HistoryPage first = (await test.History.ReadAsync(Repository, null, null, Stop)).Value!;
        Act(test, numbers[3], UserActionKind.Delete);
        Act(test, numbers[7], UserActionKind.AddLabel, "bug");
        List<HistoryPage> rest = await ReadPagesAsync(test, after: first.Next);

        Assert.Equal(numbers, first.Issues.Concat(rest.SelectMany(p => p.Issues)).Select(i => i.Number));
    }

    [Theory]
    [InlineData(FaultEffect.PrimaryLimit)]
    [InlineData(FaultEffect.SecondaryLimit)]
    public async Task A_Rate_Limit_Is_A_Value(FaultEffect limit)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());
        test.Server.Inject(new FaultRule { Match = "query repository", Effect = limit, RetryAfter = 30 });

        CallResult<HistoryPage> page = await test.History.ReadAsync(Repository, null, null, Stop);

        Assert.True(page.RetryAt > TimeProvider.System.GetUtcNow());
        Assert.Null(page.Value);
    }

    [Fact]
    public async Task A_Page_That_GitHub_Cannot_Answer_Is_Read_In_Smaller_Ones()
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync(), ("ReadRetries", "0"));
        test.Server.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.BadGateway });

        HistoryPage page = (await test.History.ReadAsync(Repository, null, null, Stop)).Value!;
        HistoryPage next = (await test.History.ReadAsync(Repository, null, page.Next, Stop)).Value!;

        Assert.Equal((5, 25), (page.Issues.Count, next.Issues.Count));
        Assert.Equal(SeedCatalogue.Seeds.Take(30).Select(s => s.Number), page.Issues.Concat(next.Issues).Select(i => i.Number));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0:nonsense")]
    public async Task A_Position_That_No_Page_Named_Is_Refused(string after)
    {
        await using SandboxTracker test = SandboxTracker.For(await SandboxTracker.StartAsync());

        PermanentFailureException failure =
            await Assert.ThrowsAsync<PermanentFailureException>(() => test.History.ReadAsync(Repository, null, after, Stop));

        Assert.Equal("github-unprocessable", failure.Code);
    }

    private static Task<SandboxServer> StartEmptyAsync() => SandboxTracker.StartAsync(o => o with { Seeds = SeedSet.Empty });

    private static int Open(SandboxTracker test, string title, string text, params string[] labels) => test.Server.Perform(
        new UserAction { Do = UserActionKind.Open, Value = title, Text = text, Labels = labels, Login = Monitor })!.Number;

    private static void Act(
        SandboxTracker test, int number, UserActionKind action, string value = "", string? text = null, string login = "mona-lisa") =>
        test.Server.Perform(new UserAction { Do = action, Number = number, Value = value, Text = text, Login = login });

    private static async Task<IssueHistory> ReadOnlyAsync(SandboxTracker test) =>
        Assert.Single((await test.History.ReadAsync(Repository, null, null, Stop)).Value!.Issues);

    private static async Task<List<HistoryPage>> ReadPagesAsync(SandboxTracker test, DateTimeOffset? since = null, string? after = null)
    {
        List<HistoryPage> pages = [];
        do
        {
            pages.Add((await test.History.ReadAsync(Repository, since, after, Stop)).Value!);
            after = pages[^1].Next;
        }
        while (after is not null);
        return pages;
    }
}
