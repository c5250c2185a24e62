using SiteMonitor.Cli.Output;
using SiteMonitor.Tests.Core.Rollout;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Cli.Output;

public sealed class RolloutStatusTextTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task The_guards_last_round_is_shown_with_its_age_and_loudly_when_it_is_too_old()
    {
        await _rollout.MinuteAsync();
        _rollout.Time.Advance(TimeSpan.FromMinutes(2));
        string well = await ShowAsync();
        Assert.Contains("Guard (round 2 min ago): nothing to look at yet", well, StringComparison.Ordinal);
        Assert.DoesNotContain("has not finished", well, StringComparison.Ordinal);

        _rollout.Time.Advance(TimeSpan.FromMinutes(8));
        Assert.Contains("The guard has not finished a round for 10 min", await ShowAsync(), StringComparison.Ordinal);
    }

    private async Task<string> ShowAsync()
    {
        using StringWriter text = new();
        Spectre.Console.IAnsiConsole console = Consoles.Plain(text);
        RolloutStatusText.Write(console, await _rollout.Status.ReadAsync(RolloutFixture.Cancel));
        return text.ToString();
    }
}
