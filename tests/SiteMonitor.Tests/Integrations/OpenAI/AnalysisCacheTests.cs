using Microsoft.Extensions.Options;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.OpenAI;

public sealed class AnalysisCacheTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Same_Text_Is_Never_Paid_Twice()
    {
        await using ModelUnderTest test = ModelUnderTest.For(await FakeServer.StartAsync(_ => ChatJson.Completion()));

        ModelAnalysis first = (await test.AskAsync()).Value!.Analysis!;
        ModelAnalysis second = (await test.AskAsync(ModelUnderTest.Text with { Labels = ["urgent"] })).Value!.Analysis!;

        Assert.Equivalent(first, second);
        Assert.Equal((1, 1, 1000), (test.Usage.ModelCalls, test.Usage.CacheHits, test.Usage.PromptTokens));
    }

    [Fact]
    public async Task Callers_With_The_Same_Text_At_The_Same_Time_Share_One_Call()
    {
        TaskCompletionSource open = new();
        await using ModelUnderTest test = ModelUnderTest.For(await FakeServer.StartAsync(async (_, _) =>
        {
            await open.Task;
            return ChatJson.Completion();
        }));

        Task<CallResult<ModelResult>>[] asked = [.. Enumerable.Range(0, 16).Select(_ => test.AskAsync())];
        open.SetResult();
        CallResult<ModelResult>[] replies = await Task.WhenAll(asked);

        Assert.All(replies, r => Assert.Equal(ModelResultStatus.Answered, r.Value!.Status));
        Assert.Single(test.Server.Seen);
        Assert.Equal((1, 15), (test.Usage.ModelCalls, test.Usage.CacheHits));
    }

    [Fact]
    public async Task One_Who_Stops_Waiting_Does_Not_Stop_The_Others()
    {
        TaskCompletionSource open = new();
        await using ModelUnderTest test = ModelUnderTest.For(await FakeServer.StartAsync(async (_, _) =>
        {
            await open.Task;
            return ChatJson.Completion();
        }));
        using CancellationTokenSource caller = new();

        Task<CallResult<ModelResult>> first = test.Model.AnalyzeAsync(ModelUnderTest.Text, TestCatalogue.Value, caller.Token);
        Task<CallResult<ModelResult>> second = test.AskAsync();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        open.SetResult();

        Assert.Equal(ModelResultStatus.Answered, (await second).Value!.Status);
    }

    [Fact]
    public async Task A_Failure_Is_Not_Kept()
    {
        int asked = 0;
        await using ModelUnderTest test = ModelUnderTest.For(await FakeServer.StartAsync(_ => ++asked == 1 ? ChatJson.Error(429, "429").With("retry-after", "1") : ChatJson.Completion()));
        Assert.True((await test.AskAsync()).IsRateLimited);
        Assert.False((await test.AskAsync()).IsRateLimited);
    }

    [Fact]
    public async Task A_Broken_Or_Stale_Cache_Costs_A_Call_And_Nothing_Else()
    {
        await using ModelUnderTest broken = ModelUnderTest.For(await FakeServer.StartAsync(_ => ChatJson.Completion()), new BrokenCache(null));
        Assert.Equal(ModelResultStatus.Answered, (await broken.AskAsync()).Value!.Status);
        await using ModelUnderTest damaged = ModelUnderTest.For(await FakeServer.StartAsync(_ => ChatJson.Completion()), new BrokenCache("{\"Summary\":"));
        Assert.Equal(ModelResultStatus.Answered, (await damaged.AskAsync()).Value!.Status);
        await using ModelUnderTest stale = ModelUnderTest.For(
            await FakeServer.StartAsync(_ => ChatJson.Completion()),
            new BrokenCache("""{"Summary":"s","KeyTopics":[],"Confidences":{"somebody-else":1},"Indicators":[],"Urgency":"Low","ContentType":"other"}"""));
        Assert.Equal(0.91, (await stale.AskAsync()).Value!.Analysis!.Confidences["intelligence-analyst"]);
    }

    [Fact]
    public async Task An_Analysis_That_An_Older_Version_Cached_Is_Read_And_Has_No_Names()
    {
        await using ModelUnderTest test = ModelUnderTest.For(
            await FakeServer.StartAsync(_ => ChatJson.Completion()),
            new BrokenCache("""{"Summary":"s","KeyTopics":[],"Confidences":{"intelligence-analyst":1,"osint-researcher":0},"Indicators":[],"Urgency":"Low","ContentType":"other"}"""));

        ModelAnalysis read = (await test.AskAsync()).Value!.Analysis!;

        Assert.Equal(("s", null, 0), (read.Summary, read.Names, test.Usage.ModelCalls));
    }

    [Fact]
    public void The_Key_Depends_On_Everything_That_Decides_The_Answer()
    {
        AnalysisText text = ModelUnderTest.Text;
        string[] keys =
        [
            Key(text), Key(text with { Title = "t" }), Key(text with { Labels = [] }), Key(text with { Body = "b" }),
            AnalysisPrompt.For(text, TestCatalogue.Value).CacheKey("https://a/", "other"),
            AnalysisPrompt.For(text, TestCatalogue.Value).CacheKey("https://b/", "analysis"),
            AnalysisPrompt.For(text, TestCatalogue.Value with { Specialists = [TestCatalogue.Value.Specialists[0]] }).CacheKey("https://a/", "analysis"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(Key(text with { Labels = ["a", "b"] }), Key(text with { Labels = ["b", "a"] }));
    }

    [Fact]
    public async Task The_Cache_In_Memory_Forgets_What_Was_Not_Asked_For_Longest()
    {
        InMemoryAnalysisCache cache = new(Options.Create(new AzureOpenAIOptions { CacheEntries = 2 }));
        await cache.StoreAsync("a", "1", Token);
        await cache.StoreAsync("b", "2", Token);
        Assert.Equal("1", await cache.FindAsync("a", Token));
        await cache.StoreAsync("c", "3", Token);
        await cache.StoreAsync("c", "4", Token);

        Assert.Equal(("1", null, "4"), (await cache.FindAsync("a", Token), await cache.FindAsync("b", Token), await cache.FindAsync("c", Token)));
    }

    private static string Key(AnalysisText text) => AnalysisPrompt.For(text, TestCatalogue.Value).CacheKey("https://a/", "analysis");

    /// <summary>Answers every question with the same text; without one, fails.</summary>
    private sealed class BrokenCache(string? answer) : IAnalysisCache
    {
        public Task<string?> FindAsync(string key, CancellationToken cancellationToken) =>
            answer is null ? throw new IOException("disk on fire") : Task.FromResult<string?>(answer);

        public Task StoreAsync(string key, string json, CancellationToken cancellationToken) => throw new IOException("disk on fire");
    }
}
