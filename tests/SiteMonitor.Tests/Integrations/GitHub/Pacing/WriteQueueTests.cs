using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

public sealed class WriteQueueTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly WriteQueue _queue = new(new FakeTimeProvider());

    [Fact]
    public async Task Urgent_Writes_Go_First_Those_Of_Batches_Last_And_Repositories_In_Turn()
    {
        Assert.True(_queue.TryAcquire(Batch("a")));
        List<string> served = [];
        Task[] waiting =
        [
            ServeAsync(Batch("a"), "a1", served), ServeAsync(Batch("a"), "a2", served), ServeAsync(Batch("b"), "b1", served),
            ServeAsync(Batch("b"), "b2", served), ServeAsync(new WritePrecedence(WritePriority.Normal, "a"), "webhook", served),
            ServeAsync(new WritePrecedence(WritePriority.Urgent, "a"), "urgent", served),
        ];

        _queue.Release();
        await Task.WhenAll(waiting);

        Assert.Equal(["urgent", "webhook", "b1", "a1", "b2", "a2"], served);
    }

    [Fact]
    public void Only_Those_Count_As_Ahead_That_Would_Go_Before()
    {
        Assert.True(_queue.TryAcquire(Batch("a")));
        for (int i = 0; i < 5; i++)
        {
            _ = _queue.AcquireAsync(Batch("a"), TimeSpan.FromMinutes(1), Token);
        }

        _ = _queue.AcquireAsync(Batch("b"), TimeSpan.FromMinutes(1), Token);

        Assert.Equal(6, _queue.CountAhead(Batch("a")));
        Assert.Equal(1 + 2, _queue.CountAhead(Batch("b")));
        Assert.Equal(1 + 1, _queue.CountAhead(Batch("c")));
        Assert.Equal(0, _queue.CountAhead(new WritePrecedence(WritePriority.Normal, "a")));
    }

    private static WritePrecedence Batch(string repository) => new(WritePriority.Batch, repository);

    private async Task ServeAsync(WritePrecedence order, string name, List<string> served)
    {
        await _queue.AcquireAsync(order, TimeSpan.FromMinutes(1), Token);
        served.Add(name);
        _queue.Release();
    }
}
