using System.Diagnostics;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Polyfills;

public sealed class PublishTests
{
    [Theory]
    [InlineData("PolyfillFunctions")]
    [InlineData("PolyfillAppConfiguration")]
    public async Task The_function_app_is_not_published_from_a_build_with_polyfills_and_says_why_and_what_to_do(string group)
    {
        ProcessStartInfo start = new("dotnet", ["publish", RepositoryRoot.File("src", "SiteMonitor.Functions"), "--no-build", $"-p:{group}=true"]) { RedirectStandardOutput = true };

        using Process publish = Process.Start(start)!;
        string text = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, publish.ExitCode);
        Assert.Contains("cannot be published from a build with polyfills", text, StringComparison.Ordinal);
        Assert.Contains("delete feed-answers.props", text, StringComparison.Ordinal);
    }
}
