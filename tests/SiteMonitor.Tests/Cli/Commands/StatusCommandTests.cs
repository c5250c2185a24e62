using System.Net;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class StatusCommandTests : IDisposable
{
    private readonly CliDriver _cli = new();

    [Fact]
    public async Task An_issues_last_run_is_shown_with_what_it_cost()
    {
        int exit = await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded")).RunAsync("status", "--repo", "o/r", "--issue", "7");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("GitHub 2 reads, 4 writes, 0 extra, model 1 calls, 900 tokens, $0.0042", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("route: unified (100 %), flags f1", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_issue_exits_with_1() =>
        Assert.Equal(ExitCode.Failed, await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "failed")).RunAsync("status", "--issue", "o/r#7"));

    [Theory]
    [InlineData("ok", HttpStatusCode.OK, ExitCode.Ok)]
    [InlineData("degraded", HttpStatusCode.OK, ExitCode.Ok)]
    [InlineData("failing", HttpStatusCode.ServiceUnavailable, ExitCode.Failed)]
    public async Task Without_an_issue_the_health_is_shown(string status, HttpStatusCode code, int expected)
    {
        int exit = await _cli.Respond(code, $$"""{"status":"{{status}}","version":"2.0.0","checks":[{"name":"flags","status":"{{status}}","detail":"read 3 s ago"}]}""").RunAsync("status");

        Assert.Equal(expected, exit);
        Assert.Contains($"http://localhost:7071/: {status}, version 2.0.0", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("flags: read 3 s ago", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_on_this_machine_is_found_by_its_files()
    {
        _cli.Write(".sitemonitor/keys.json", """{"functionKey":"from-file","masterKey":"m"}""");
        _cli.Write(".sitemonitor/running.json", """{"url":"http://127.0.0.1:7999","repository":"o/r"}""");

        await _cli.Respond(HttpStatusCode.OK, Samples.Status("o/r#7", active: false, "succeeded")).RunAsync("status", "--issue", "7");

        CliDriver.Request request = _cli.Requests.Single();
        Assert.Equal(("http://127.0.0.1:7999/api/pipeline/issues/o/r/7", "from-file"), (request.Uri.AbsoluteUri, request.Key));
    }

    [Fact]
    public async Task The_key_of_this_machine_is_never_sent_to_another()
    {
        _cli.Write(".sitemonitor/keys.json", """{"functionKey":"from-file","masterKey":"m"}""");

        await _cli.RespondEmpty(HttpStatusCode.Unauthorized).RunAsync("status", "--url", "https://app.example");

        Assert.Null(_cli.Requests.Single().Key);
    }

    [Fact]
    public async Task Environment_variables_name_address_and_key_and_options_win_over_them()
    {
        _cli.Environment["SITEMONITOR_URL"] = "https://app.example/";
        _cli.Environment["SITEMONITOR_KEY"] = "from-environment";
        _cli.RespondEmpty(HttpStatusCode.Unauthorized).RespondEmpty(HttpStatusCode.Unauthorized);

        await _cli.RunAsync("status");
        await _cli.RunAsync("status", "--key", "given");

        Assert.Equal([("https://app.example/api/health", "from-environment"), ("https://app.example/api/health", "given")], _cli.Requests.Select(r => (r.Uri.AbsoluteUri, r.Key!)));
    }

    [Fact]
    public async Task Spoilt_files_of_the_host_are_told_by_name()
    {
        string path = _cli.Write(".sitemonitor/keys.json", "not json");

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("status"));
        Assert.Contains(path, _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
