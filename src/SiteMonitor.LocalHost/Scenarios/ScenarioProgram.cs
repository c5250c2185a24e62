using System.Globalization;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox.Seeds;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>Plays a scenario on the console.</summary>
internal static class ScenarioProgram
{
    private const string DirectoryName = "scenario";

    public static async Task<int> RunAsync(HostArguments arguments, IAnsiConsole console)
    {
        TextWriter writer = console.Profile.Out.Writer;
        writer.WriteLine("A whole rollout on a simulated clock. GitHub and the model are simulated, everything else is the product.");
        (RunningFile taken, ScenarioHost host) = await StartupProblems.TranslateAsync(arguments, () => StartAsync(arguments));
        using RunningFile files = taken;
        await using ScenarioHost running = host;
        writer.WriteLine($"Dashboard: {new Uri(host.Endpoint.Url, "api/dashboard")}");
        CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        IScenario scenario = Create(arguments.Scenario, host, writer.WriteLine);
        try
        {
            await PlayAsync(scenario, host, writer, stopping);
        }
        catch (ScenarioException e) when (!stopping.IsCancellationRequested)
        {
            writer.WriteLine(e.Message);
            return HostExitCode.Failed;
        }
#pragma warning disable CA1031 // Requests that a stop cancels fail in many ways; none of them is an error.
        catch (Exception) when (stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            writer.WriteLine($"Interrupted after {scenario.Issues} issues. The next start plays the scenario from the beginning.");
            return HostExitCode.Interrupted;
        }

        if (!arguments.UntilIdle)
        {
            writer.WriteLine("The host keeps running, with the rollout as it is now; Ctrl-C stops it. Next, in another terminal:");
            writer.WriteLine("  dotnet dev.cs cli -- dashboard --open     opens the dashboard");
            writer.WriteLine("  dotnet dev.cs cli -- rollout history      shows what was done");
            writer.WriteLine("docs/rehearsal.md walks through a rollout by hand.");
            await host.WaitForShutdownAsync();
        }

        return HostExitCode.Ok;
    }

    private static IScenario Create(string? name, ScenarioHost host, Action<string> say) => name switch
    {
        HostArguments.LowVolumeScenario => new LowVolumeScenario(host, say),
        HostArguments.FailingModelScenario => new LowVolumeScenario(host, say, LowVolumeScenario.WeekFour),
        _ => new RolloutScenario(host, say),
    };

    private static async Task<(RunningFile Files, ScenarioHost Host)> StartAsync(HostArguments arguments)
    {
        DataDirectory data = DataDirectory.Open(arguments.DataDirectory);
        RunningFile files = RunningFile.Take(data);
        try
        {
            DataDirectory directory = data.Sub(DirectoryName);
            directory.Empty();
            ScenarioHost host = await ScenarioHost.StartAsync(
                directory.Path, arguments.Root, arguments.Phase ?? "development", CancellationToken.None, KeyFile.ReadOrCreate(data),
                arguments.Port);
            files.Write(
                host.Endpoint.Url, host.GitHub.BaseAddress, webhookSecret: null, SeedCatalogue.Repository, directory.PathOf("flags.json"));
            return (files, host);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static async Task PlayAsync(IScenario scenario, ScenarioHost host, TextWriter writer, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        await scenario.RunAsync(cancellationToken);
        double days = (host.Clock.GetUtcNow() - ScenarioHost.Begin).TotalDays;
        double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{scenario.Issues} issues, {days:0} simulated days in {seconds:0} s."));
    }
}

/// <summary>A rollout that is played on the simulated clock.</summary>
internal interface IScenario
{
    /// <summary>Issues opened so far, the plan's test issues not counted.</summary>
    int Issues { get; }

    /// <exception cref="ScenarioException">It did not go as expected.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}
