using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class SiteMonitorCommandTests : IDisposable
{
    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("rollout", "")]
    [InlineData("advance", "rollout")]
    [InlineData("post-mortem", "incidents")]
    [InlineData("validate", "rollout", "plan")]
    public async Task A_Group_Without_A_Command_Shows_Its_Help(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. arguments.Where(a => a.Length > 0)]));

        Assert.Contains(expected, _cli.Out, StringComparison.Ordinal);
        Assert.Contains("Usage:", _cli.Out, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Theory]
    [InlineData("rollout", "rolout")]
    [InlineData("advance", "rollout", "advnace")]
    [InlineData("--issue", "status", "--isue")]
    [InlineData("process-pipeline", "process-pipelin")]
    public async Task A_Misspelt_Word_Is_Answered_With_The_Nearest_One(string meant, params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(arguments));

        Assert.Contains(meant, (_cli.Out + _cli.Error).Split('\n').Select(l => l.Trim()), StringComparer.Ordinal);
        Assert.Contains("--help' lists", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:7071/api/dashboard", "dashboard")]
    [InlineData("https://app.example/api/dashboard", "dashboard", "--url", "https://app.example/")]
    public async Task The_Dashboards_Address_Is_Shown_Once_It_Answers(string address, params string[] arguments)
    {
        _cli.Respond(HttpStatusCode.OK, "<!doctype html>", "text/html").Respond(HttpStatusCode.OK, "<!doctype html>", "text/html");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(arguments));
        Assert.Equal(address, _cli.Out.Split('\n')[0].Trim());
        Assert.Equal(address, _cli.Requests.Single().Uri.AbsoluteUri);
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync([.. arguments, "--json"]));
        Assert.Equal(address, JsonElement.Parse(_cli.Out[_cli.Out.IndexOf('{', StringComparison.Ordinal)..]).GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_Request_That_Takes_Longer_Than_Two_Seconds_Says_So()
    {
        _cli.TypeKeys(string.Empty);

        await _cli.Hang(TimeSpan.FromSeconds(5)).RunAsync(new FakeTimeProvider(), "doctor");

        Assert.Equal("Waiting for http://localhost:7071/ …", _cli.Error.Split('\n')[0].Trim());
    }

    [Fact]
    public async Task The_Dashboard_Is_Opened_With_The_Key_In_The_Fragment()
    {
        _cli.Respond(HttpStatusCode.OK, "<!doctype html>", "text/html");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("dashboard", "--open", "--key", "a/b+c"));

        Assert.Equal("http://localhost:7071/api/dashboard#key=a%2Fb%2Bc", Assert.Single(_cli.Opened).OriginalString);
        Assert.DoesNotContain("a/b+c", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_About_This_Machine_Is_Given_For_Local_Addresses_Only()
    {
        _cli.Fail(new HttpRequestException("refused")).Fail(new HttpRequestException("refused"));

        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync("status"));
        Assert.Contains("dotnet dev.cs run", _cli.Error, StringComparison.Ordinal);
        int local = _cli.Error.Length;
        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync("status", "--url", "https://app.example"));
        Assert.DoesNotContain("dev.cs", _cli.Error[local..], StringComparison.Ordinal);
    }
}
