using System.Net;
using SiteMonitor.Cli;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Backtest;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class BacktestCommandTests : IDisposable
{
    private readonly CliDriver _cli = new();

    [Fact]
    public async Task Issues_Are_Sent_In_Batches_Until_All_Are_Decided()
    {
        string file = WriteExport(34);
        Respond([.. Enumerable.Range(1, 18)]);
        Respond([.. Enumerable.Range(19, 16)]);

        int exit = await _cli.RunAsync("backtest", "--file", file);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal([20, 16], _cli.Requests.Select(r => RolloutJson.Read<BacktestRequest>(r.Body!).Issues.Count));
        Assert.Contains("100 % (89.8 to 100 %), 34 of 34", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("Gate of development: met", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true, "--format", "md")]
    public async Task A_Terminal_Shows_The_Report_Laid_Out_And_A_Pipe_Gets_Markdown(bool isTerminal, bool isMarkdown, params string[] format)
    {
        string file = WriteExport(30);
        RespondToAll();
        _cli.IsTerminal = isTerminal;

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(["backtest", "--file", file, .. format]));

        Assert.Contains("Backtest of o/r", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(isMarkdown, _cli.Out.StartsWith("# ", StringComparison.Ordinal));
        Assert.Equal(isMarkdown, _cli.Out.Contains("|---|", StringComparison.Ordinal));
        Assert.Equal(isMarkdown, _cli.Out.Contains("\n- ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_Newest_Issues_Are_Taken()
    {
        string file = WriteExport(34);
        Respond([.. Enumerable.Range(5, 20)]);
        Respond([.. Enumerable.Range(25, 10)]);

        await _cli.RunAsync("backtest", "--file", file, "--limit", "30");

        Assert.Equal(
            Enumerable.Range(5, 30), _cli.Requests.SelectMany(r => RolloutJson.Read<BacktestRequest>(r.Body!).Issues.Select(i => i.Number)));
    }

    [Fact]
    public async Task Too_Few_Own_Issues_Bring_In_The_Whole_Built_In_Set()
    {
        string file = WriteExport(3);
        Respond([1, 2, 3]);
        foreach (int[] numbers in Enumerable.Range(1, 221).Chunk(20))
        {
            Respond(numbers);
        }

        await _cli.RunAsync("backtest", "--file", file, "--limit", "30");

        Assert.Equal("octo-org/evaluation-set", RolloutJson.Read<BacktestRequest>(_cli.Requests[1].Body!).Repository);
        Assert.Contains("with the built-in set is 100 %", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("224 of 224", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Result_Of_Other_Issues_Or_Without_Common_Ones_Is_Not_Compared()
    {
        string file = WriteExport(30);
        string kept = Path.Combine(_cli.Directory, "kept.json");
        RespondToAll();
        await _cli.RunAsync("backtest", "--file", file, "--save", kept);

        int other = await _cli.RunAsync("backtest", "--against", kept);
        await File.WriteAllTextAsync(kept, """{"version":1,"repository":"o/r","rows":null}""", TestContext.Current.CancellationToken);
        int broken = await _cli.RunAsync("backtest", "--file", file, "--against", kept);

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (other, broken));
        Assert.Contains("the result is of o/r", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Repositorys_Issues_Are_Read_Page_By_Page()
    {
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(new HistoryPage([.. Enumerable.Range(1, 20).Select(n => Histories.Create(n))], "20", 34)));
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(new HistoryPage([.. Enumerable.Range(21, 14).Select(n => Histories.Create(n))], null, 34)));
        Respond([.. Enumerable.Range(1, 20)]);
        Respond([.. Enumerable.Range(21, 14)]);

        int exit = await _cli.RunAsync("backtest", "--repo", "o/r", "--days", "90");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.StartsWith("?repo=o%2Fr&since=", _cli.Requests[0].Uri.Query, StringComparison.Ordinal);
        Assert.EndsWith("&after=20", _cli.Requests[1].Uri.Query, StringComparison.Ordinal);
        Assert.Contains("34 of 34", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--file", "x.json", "--repo", "o/r")]
    [InlineData("--repo", "o")]
    [InlineData("--limit", "0")]
    [InlineData("--days", "0")]
    public async Task Options_That_Make_No_Sense_Are_Refused(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(["backtest", .. arguments]));
        Assert.Contains("--", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Requests);
    }

    [Fact]
    public async Task It_Stops_At_Its_Budget_And_Says_So()
    {
        string file = WriteExport(41);
        Respond([.. Enumerable.Range(1, 20)]);

        int exit = await _cli.RunAsync("backtest", "--file", file, "--max-dollars", "0.01");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Single(_cli.Requests);
        Assert.Contains("--max-dollars", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Kept_Result_Blocks_A_Worse_One()
    {
        string file = WriteExport(30);
        string kept = Path.Combine(_cli.Directory, "kept.json");
        RespondToAll();
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("backtest", "--file", file, "--save", kept));

        RespondToAll(Histories.Researcher);
        int worse = await _cli.RunAsync("backtest", "--file", file, "--against", kept);
        RespondToAll();
        int same = await _cli.RunAsync("backtest", "--file", file, "--against", kept);

        Assert.Equal((ExitCode.Failed, ExitCode.Ok), (worse, same));
        Assert.Contains("Worse: Agreement fell from 100 %", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("Not worse than before", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Line 1 of the export: the file is empty")]
    [InlineData("{}", "Line 1 of the export: format must be")]
    [InlineData("""{"format":"site-monitor-export","version":2,"repository":"o/r"}""", "version 2 is not known")]
    [InlineData("""{"format":"site-monitor-export","version":1,"repository":"or"}""", "repository must be owner/name")]
    [InlineData("{\"format\":\"site-monitor-export\",\"version\":1,\"repository\":\"o/r\"}\n\n{\"number\":1}", "Line 3 of the export:")]
    [InlineData("{\"format\":\"site-monitor-export\",\"version\":1,\"repository\":\"o/r\"}\nnot json", "Line 2 of the export:")]
    public async Task A_File_That_Is_No_Export_Is_Refused_With_Line_And_Reason(string content, string expected)
    {
        int exit = await _cli.RunAsync("backtest", "--file", _cli.Write("export.json", content));

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Requests);
    }

    public void Dispose() => _cli.Dispose();

    private string WriteExport(int count)
    {
        using StringWriter text = new();
        ExportFile.WriteAsync(text, new ExportHeader { Format = ExportHeader.FormatName, Version = 1, Repository = "o/r" }).Wait();
        foreach (int number in Enumerable.Range(1, count))
        {
            ExportFile.WriteAsync(text, Histories.Create(number)).Wait();
        }

        return _cli.Write("export.json", text.ToString());
    }

    private void RespondToAll(string unified = Histories.Analyst)
    {
        Respond([.. Enumerable.Range(1, 20)], unified);
        Respond([.. Enumerable.Range(21, 10)], unified);
    }

    private void Respond(int[] numbers, string unified = Histories.Analyst) => _cli.Respond(
        HttpStatusCode.OK,
        RolloutJson.Write(new BacktestResponse { Rows = [.. numbers.Select(n => Histories.Row(n, Histories.Analyst, unified))], Problems = [] }));
}
