using System.Globalization;
using SiteMonitor.LocalHost.Hosting;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>Plays a scenario on the console.</summary>
internal static class ScenarioProgram
{
    private const string DirectoryName = "scenario";

    public static async Task<int> RunAsync(HostArguments arguments, IAnsiConsole console)
    {
        DataDirectory directory = DataDirectory.Open(arguments.DataDirectory).Sub(DirectoryName);
        directory.Empty();
        TextWriter writer = console.Profile.Out.Writer;
        writer.WriteLine(
            "A whole rollout on a simulated clock: GitHub and the model are simulated, everything else is the product. It takes a minute or two.");
        long started = TimeProvider.System.GetTimestamp();
        try
        {
            await using ScenarioHost host = await ScenarioHost.StartAsync(
                directory.Path, arguments.Root, "development", CancellationToken.None);
            RolloutScenario scenario = new(host, writer.WriteLine);
            await scenario.RunAsync(CancellationToken.None);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{scenario.Issues} issues, {(host.Clock.GetUtcNow() - ScenarioHost.Begin).TotalDays:0} simulated days in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s."));
            writer.WriteLine("Next, see docs/rollout.md, or dotnet dev.cs run for a host to try the commands on.");
            return HostExitCode.Ok;
        }
        catch (ScenarioException e)
        {
            writer.WriteLine(e.Message);
            return HostExitCode.Failed;
        }
    }
}
