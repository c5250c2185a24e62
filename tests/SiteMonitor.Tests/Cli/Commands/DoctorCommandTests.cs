using System.Net;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly CliDriver _cli = new();

    [Theory]
    [InlineData("Ok", ExitCode.Ok, "✓")]
    [InlineData("Warning", ExitCode.Ok, "!")]
    [InlineData("Failure", ExitCode.Failed, "✗")]
    public async Task Findings_Are_Shown_With_A_Sign_And_Failures_Exit_With_1(string level, int exit, string sign)
    {
        _cli.Respond(HttpStatusCode.OK, $$"""{"findings":[{"level":"{{level}}","check":"labels","detail":"o/r lacks urgent.","advice":"Create it."}]}""");

        Assert.Equal(exit, await _cli.RunAsync("doctor"));

        Assert.Contains($"{sign}  labels", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("→ Create it.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("\"fix\":false", _cli.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fixing_Is_Asked_For_By_Its_Option()
    {
        await _cli.Respond(HttpStatusCode.OK, """{"findings":[]}""").RunAsync("doctor", "--fix");

        Assert.Equal("/api/doctor", _cli.Requests.Single().Uri.AbsolutePath);
        Assert.Contains("\"fix\":true", _cli.Requests.Single().Body, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
