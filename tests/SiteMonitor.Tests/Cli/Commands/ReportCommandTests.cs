using System.Net;
using SiteMonitor.Cli;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class ReportCommandTests : IDisposable
{
    private static readonly RolloutReport Report = new()
    {
        At = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero),
        From = new DateTimeOffset(2026, 8, 4, 8, 0, 0, TimeSpan.Zero),
        Phase = "half",
        Technical = [new ReportRow("Error rate", "< 1 %", "0.4 %, 1 of 250", MetricFigure.Met)],
        Business = [],
        Project = [],
        Further = [],
        Phases = [],
        Incidents = [],
        Notes = [],
        Series = [],
        OldCommands = [],
        WentWell = ["the backtest"],
        CouldBeImproved = [],
        ActionItems = [],
    };

    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task On_A_Terminal_It_Is_Laid_Out_For_Reading()
    {
        _cli.IsTerminal = true;

        Assert.Equal(ExitCode.Ok, await RunAsync());

        Assert.DoesNotContain('#', _cli.Out);
        Assert.DoesNotContain('|', _cli.Out);
        Assert.Contains("Rollout report", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("0.4 %, 1 of 250", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("•  the backtest", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, "--format", "md")]
    public async Task In_A_Pipe_Or_With_Format_Md_The_Report_Is_Markdown(bool isTerminal, params string[] arguments)
    {
        _cli.IsTerminal = isTerminal;

        Assert.Equal(ExitCode.Ok, await RunAsync(arguments));

        Assert.Equal(ReportMarkdown.Write(Report), _cli.Out);
    }

    [Fact]
    public async Task In_A_File_It_Is_Markdown()
    {
        _cli.IsTerminal = true;
        string file = Path.Combine(_cli.Directory, "report.md");

        Assert.Equal(ExitCode.Ok, await RunAsync("--output", file));

        Assert.Equal(ReportMarkdown.Write(Report), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    private Task<int> RunAsync(params string[] arguments) =>
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(Report)).RunAsync(["report", .. arguments]);
}
