using System.Net;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Core.Backtest;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private static readonly string[] Command = ["export", "--repo", "octo-org/site", "--out", "export.json"];
    private readonly CliDriver _cli = new();

    private string Export => Path.Combine(_cli.Directory, "export.json");

    private IEnumerable<string?> Positions => _cli.Requests.Select(r => HttpUtility.ParseQueryString(r.Uri.Query)["after"]);

    [Fact]
    public async Task Pages_Are_Written_Until_There_Is_No_Next_One_And_The_End_Says_What_To_Do()
    {
        RespondPages(_cli, ("a", 1..3), ("b", 3..5), (null, 5..6));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. Command, "--since", "2026-01-31"]));

        Assert.Equal([null, "a", "b"], Positions);
        Assert.All(_cli.Requests, r => Assert.StartsWith("/api/history?repo=octo-org%2Fsite&since=2026-01-31T00", r.Uri.PathAndQuery, StringComparison.Ordinal));
        (ExportHeader header, List<IssueHistory> issues) = await ReadAsync(Export);
        Assert.Equal(("octo-org/site", new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero), false), (header.Repository, header.Since, header.IsAnonymised));
        Assert.Equal([1, 2, 3, 4, 5], issues.Select(i => i.Number));
        Assert.Equal([Export], Directory.GetFiles(_cli.Directory));
        Assert.Contains("5 issues of octo-org/site (3 open, 2 closed) are in export.json.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("dotnet dev.cs run --import export.json", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("sitemonitor backtest --file export.json", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Finished_File_Is_Only_Replaced_By_Force()
    {
        _cli.Write("export.json", "precious");

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(Command));
        Assert.Contains("--out: export.json exists.", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Requests);
        Assert.Equal("precious", await File.ReadAllTextAsync(Export, Stop));

        RespondPages(_cli, (null, 1..2));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. Command, "--force"]));
        Assert.Single((await ReadAsync(Export)).Issues);
    }

    [Fact]
    public async Task A_Killed_Export_Continues_After_Its_Last_Whole_Page_And_Ends_Like_An_Uninterrupted_One()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        _cli.Time = time;
        RespondPages(_cli, ("a", 1..3), ("b", 3..5));
        _cli.Respond(HttpStatusCode.Forbidden, """{"title":"No","status":403}""", "application/problem+json");
        Assert.Equal(ExitCode.Refused, await _cli.RunAsync([.. Command, "--since", "90d"]));
        Assert.Contains("4 issues are in export.json.part. The same command continues there", _cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Export));

        // A page that a killed process had begun to write.
        await File.AppendAllTextAsync(Export + ".part", "{\"number\":5,\"title\":\"x\"}\n{\"number\":6,\"ti", Stop);
        time.Advance(TimeSpan.FromDays(2));
        RespondPages(_cli, ("c", 5..7), (null, 7..8));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. Command, "--since", "90d"]));

        Assert.Equal([null, "a", "b", "b", "c"], Positions);
        Assert.Single(_cli.Requests.Select(r => HttpUtility.ParseQueryString(r.Uri.Query)["since"]).Distinct());
        using CliDriver whole = new() { Time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)) };
        RespondPages(whole, ("a", 1..3), ("b", 3..5), ("c", 5..7), (null, 7..8));
        Assert.Equal(ExitCode.Ok, await whole.RunAsync([.. Command, "--since", "90d"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(whole.Directory, "export.json"), Stop), await File.ReadAllTextAsync(Export, Stop));
    }

    [Fact]
    public async Task An_Export_Killed_Before_Its_Last_Step_Asks_For_Nothing_Again()
    {
        RespondPages(_cli, ("a", 1..3), (null, 3..4));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(Command));
        string text = await File.ReadAllTextAsync(Export, Stop);
        File.Move(Export, Export + ".part");
        await File.WriteAllTextAsync(
            Export + ".resume",
            JsonSerializer.Serialize(new { isComplete = true, length = new FileInfo(Export + ".part").Length, issues = 3, open = 2, total = 3, since = "" }),
            Stop);

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(Command));

        Assert.Equal(2, _cli.Requests.Count);
        Assert.Equal(text, await File.ReadAllTextAsync(Export, Stop));
    }

    [Theory]
    [InlineData("--repo", "octo-org/other")]
    [InlineData("--since", "30d")]
    [InlineData("--anonymise", null)]
    public async Task An_Unfinished_Export_With_Other_Options_Is_Kept_Unless_Forced(string option, string? value)
    {
        RespondPages(_cli, ("a", 1..3));
        _cli.Respond(HttpStatusCode.Forbidden, """{"title":"No","status":403}""", "application/problem+json");
        Assert.Equal(ExitCode.Refused, await _cli.RunAsync(Command));
        string[] other = ["export", "--out", "export.json", option, .. value is null ? (string[])[] : [value], .. option == "--repo" ? (string[])[] : ["--repo", "octo-org/site"]];

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(other));
        Assert.Contains("is an unfinished export of octo-org/site with other options", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Requests.Count);

        RespondPages(_cli, (null, 1..2));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. other, "--force"]));
        Assert.Single((await ReadAsync(Export)).Issues);
    }

    [Fact]
    public async Task A_Rate_Limit_Is_Waited_Out_And_Told()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        RespondPages(_cli, ("a", 1..3));
        _cli.RespondLater(TimeSpan.FromMinutes(4));
        RespondPages(_cli, (null, 3..4));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(time, Command));

        Assert.Equal([null, "a", "a"], Positions);
        Assert.True(time.GetUtcNow() >= new DateTimeOffset(2026, 3, 1, 12, 4, 0, TimeSpan.Zero));
        Assert.Contains("GitHub's rate limit is reached: the export continues at 12:0", _cli.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], (await ReadAsync(Export)).Issues.Select(i => i.Number));
    }

    [Fact]
    public async Task A_Short_Outage_Is_Bridged_And_A_Long_One_Ends_It_With_How_To_Continue()
    {
        RespondPages(_cli, ("a", 1..3));
        _cli.Fail(new HttpRequestException("gone")).Respond(HttpStatusCode.BadGateway, string.Empty);
        RespondPages(_cli, ("b", 3..4));
        for (int i = 0; i < 100; i++)
        {
            _cli.Fail(new HttpRequestException("gone"));
        }

        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync(new FakeTimeProvider(), Command));

        Assert.Contains("3 issues are in export.json.part.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_Not_Even_A_Page_Came_No_File_Is_Left()
    {
        _cli.Respond(HttpStatusCode.Forbidden, """{"title":"The repository is not configured.","status":403}""", "application/problem+json");

        Assert.Equal(ExitCode.Refused, await _cli.RunAsync(Command));

        Assert.Contains("The repository is not configured.", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cli.Directory));
    }

    [Fact]
    public async Task Pseudonyms_Stay_The_Same_When_An_Anonymised_Export_Is_Continued_And_The_Key_Is_Gone_At_Its_End()
    {
        RespondPages(_cli, ("a", 1..3));
        _cli.Respond(HttpStatusCode.Forbidden, """{"title":"No","status":403}""", "application/problem+json");
        await _cli.RunAsync([.. Command, "--anonymise"]);
        RespondPages(_cli, (null, 3..5));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. Command, "--anonymise"]));

        (ExportHeader header, List<IssueHistory> issues) = await ReadAsync(Export);
        Assert.True(header.IsAnonymised);
        Assert.StartsWith("person-", Assert.Single(issues.Select(i => i.Author).Distinct()), StringComparison.Ordinal);
        Assert.Equal([Export], Directory.GetFiles(_cli.Directory));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Export));
        }
    }

    [Theory]
    [InlineData("--since: 'soon' is neither days", "--repo", "o/r", "--out", "x.json", "--since", "soon")]
    [InlineData("--since: '0d' is neither days", "--repo", "o/r", "--out", "x.json", "--since", "0d")]
    [InlineData("--repo: 'nonsense' is not a repository", "--repo", "nonsense", "--out", "x.json")]
    [InlineData("--repo: name the repository", "--out", "x.json")]
    [InlineData("--out: missing/x.json cannot be written", "--repo", "o/r", "--out", "missing/x.json")]
    public async Task Wrong_Options_Are_Refused_With_What_To_Write(string says, params string[] options)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(["export", .. options]));

        Assert.Contains(says, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Requests);
    }

    public void Dispose() => _cli.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static void RespondPages(CliDriver cli, params (string? Next, Range Numbers)[] pages)
    {
        foreach ((string? next, Range numbers) in pages)
        {
            IssueHistory[] issues = [.. Enumerable.Range(numbers.Start.Value, numbers.End.Value - numbers.Start.Value).Select(CreateIssue)];
            cli.Respond(HttpStatusCode.OK, JsonSerializer.Serialize(new HistoryPage(issues, next, 7), ExportJson.Default.HistoryPage));
        }
    }

    private static IssueHistory CreateIssue(int number) => new()
    {
        Number = number,
        Title = $"Finding {number}",
        Body = "Line one\r\nLine two \u2028 \"quoted\"",
        Author = "mona-lisa",
        CreatedAt = new DateTimeOffset(2026, 2, 1, 0, 0, number, TimeSpan.Zero),
        ClosedAt = number % 2 == 0 ? new DateTimeOffset(2026, 2, 2, 0, 0, 0, TimeSpan.Zero) : null,
    };

    private static async Task<(ExportHeader Header, List<IssueHistory> Issues)> ReadAsync(string path)
    {
        using StreamReader reader = new(path);
        ExportHeader header = await ExportFile.ReadHeaderAsync(reader, Stop);
        return (header, await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop));
    }
}
