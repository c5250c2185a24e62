using System.Text.RegularExpressions;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Tests.Core.Rollout;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Cli.Output;

public sealed class RolloutStatusTextTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task The_Guards_Last_Round_Is_Shown_With_Its_Age_And_Loudly_When_It_Is_Too_Old()
    {
        await _rollout.MinuteAsync();
        _rollout.Time.Advance(TimeSpan.FromMinutes(2));
        string well = await ShowAsync();
        Assert.Contains("Guard (ran 2 min ago): no run counted yet (successful runs are counted when the guard next runs, within a minute)", well, StringComparison.Ordinal);
        Assert.DoesNotContain("has not run for", well, StringComparison.Ordinal);

        _rollout.Time.Advance(TimeSpan.FromMinutes(8));
        Assert.Contains("The guard has not run for 10 min", await ShowAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_80_Columns_It_Fits_One_Screen_And_No_Columns_Collide()
    {
        string[] lines = (await ShowAsync(80)).ReplaceLineEndings("\n").TrimEnd().Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.InRange(lines.Length, 10, 40);
        foreach (string flag in FlagNames.All)
        {
            Assert.Contains(lines, line => Regex.IsMatch(line, $@"^(.*\S  +|  ){Regex.Escape(flag)} \S"));
        }
    }

    [Fact]
    public async Task On_A_Narrow_Console_Every_Flag_Stays_Whole()
    {
        string shown = await ShowAsync(50);

        Assert.All(FlagNames.All, flag => Assert.Contains(flag, shown, StringComparison.Ordinal));
    }

    private async Task<string> ShowAsync(int width = 1000)
    {
        using StringWriter text = new();
        Spectre.Console.IAnsiConsole console = Consoles.Plain(text);
        console.Profile.Width = width;
        RolloutStatusText.Write(console, await _rollout.Status.ReadAsync(RolloutFixture.Cancel));
        return text.ToString();
    }
}
