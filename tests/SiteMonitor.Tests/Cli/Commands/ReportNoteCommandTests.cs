using System.Net;
using System.Text.Json;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class ReportNoteCommandTests : IDisposable
{
    private const string Done = """{ "code": "done", "title": "N-1 is in the report", "next": "report" }""";
    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_Value_Is_Sent_With_The_Operators_Name()
    {
        Assert.Equal(ExitCode.Ok, await _cli.Respond(HttpStatusCode.OK, Done).RunAsync("report", "note", "coverage", "87 %"));

        CliDriver.Request request = Assert.Single(_cli.Requests);
        JsonElement body = JsonElement.Parse(request.Body);
        Assert.Equal("/api/report/notes", request.Uri.AbsolutePath);
        Assert.Equal(("coverage", "87 %", "grace"), (body.GetProperty("about").GetString(), body.GetProperty("text").GetString(), body.GetProperty("operator").GetString()));
        Assert.Contains("N-1 is in the report", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Note_Is_Removed_By_Its_Id_And_Json_Is_Passed_On()
    {
        Assert.Equal(ExitCode.Ok, await _cli.Respond(HttpStatusCode.OK, Done).RunAsync("report", "note", "--remove", "N-1", "--json"));

        Assert.Equal("N-1", JsonElement.Parse(_cli.Requests.Single().Body).GetProperty("remove").GetString());
        Assert.Equal("done", JsonElement.Parse(_cli.Out).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("report", "note")]
    [InlineData("report", "note", "well")]
    [InlineData("report", "note", "well", "text", "--remove", "N-1")]
    public async Task A_Half_Given_Note_Is_Refused_Before_Anything_Is_Sent(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(arguments));

        Assert.Empty(_cli.Requests);
        Assert.Contains("--remove with the id of a note", _cli.Error, StringComparison.Ordinal);
    }
}
