using Microsoft.Extensions.Logging;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class ConsoleLoggerProviderTests
{
    [Theory]
    [InlineData("octo:watch:5")]
    [InlineData("octo:key:6 :white_check_mark:")]
    [InlineData("[red]octo[/] [[x]]")]
    [InlineData("{0} %s \\n")]
    public void A_Value_In_A_Message_Is_Shown_As_It_Is(string value)
    {
        using StringWriter text = new();
        using ConsoleLoggerProvider provider = new(Consoles.Plain(text), TimeProvider.System, new HostStage());

#pragma warning disable CA1848, CA2254 // The message is the test's input.
        provider.CreateLogger("SiteMonitor.Runs").Log(LogLevel.Warning, 0, value, null, (message, _) => message);
#pragma warning restore CA1848, CA2254

        Assert.EndsWith($" warn Runs: {value}{Environment.NewLine}", text.ToString(), StringComparison.Ordinal);
    }
}
