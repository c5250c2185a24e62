using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core;
using SiteMonitor.Functions.Triggers.Webhook;

namespace SiteMonitor.Tests.Functions.Triggers.Webhook;

public sealed class OwnLoginsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly KnownLogins _tracker = new("site-monitor[bot]");

    [Fact]
    public async Task While_GitHub_Is_Down_The_Logins_Are_Requested_At_Most_Every_30_Seconds()
    {
        _tracker.Failure = new TransientFailureException("github-server-error", "GitHub answered 500.");
        OwnLogins logins = new(_tracker, _time, NullLogger<OwnLogins>.Instance);

        Assert.False(logins.Contains("site-monitor[bot]"));
        await UntilAsync(() => _tracker.Reads == 1);
        for (int delivery = 0; delivery < 100; delivery++)
        {
            Assert.False(logins.Contains("site-monitor[bot]"));
            Assert.False(logins.IsPerson("mona-lisa"));
        }

        Assert.Equal(1, _tracker.Reads);
        _time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => !logins.Contains("site-monitor[bot]") && _tracker.Reads == 2);
    }

    [Fact]
    public async Task Once_GitHub_Answers_The_Logins_Are_Known_And_Not_Read_Again()
    {
        _tracker.Failure = new TransientFailureException("github-server-error", "GitHub answered 500.");
        OwnLogins logins = new(_tracker, _time, NullLogger<OwnLogins>.Instance);
        Assert.False(logins.IsPerson("mona-lisa"));
        await UntilAsync(() => _tracker.Reads == 1);

        _tracker.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => logins.Contains("site-monitor[bot]"));
        _time.Advance(TimeSpan.FromDays(1));

        Assert.True(logins.IsPerson("mona-lisa"));
        Assert.False(logins.IsPerson("site-monitor[bot]"));
        Assert.Equal(2, _tracker.Reads);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
