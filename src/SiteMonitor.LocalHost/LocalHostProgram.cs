using SiteMonitor.LocalHost.Backlog;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.LocalHost.Scenarios;
using Spectre.Console;

namespace SiteMonitor.LocalHost;

/// <summary>Runs the process: parses the arguments, starts the host or a scenario, returns the exit code.</summary>
internal static class LocalHostProgram
{
    public static async Task<int> RunAsync(string[] args, IAnsiConsole console)
    {
        if (HostArguments.Parse(args, out int exitCode) is not { } arguments)
        {
            return exitCode;
        }

        try
        {
            if (arguments.Scenario is not null)
            {
                return await ScenarioProgram.RunAsync(arguments, console);
            }

            HostStage stage = new();
            await using RunningHost host = await RunningHost.StartAsync(
                arguments, services => AddConsole(services, arguments, console, stage), CancellationToken.None);
            return await RunAsync(host, arguments, console, stage);
        }
        catch (StartupException e)
        {
            await Console.Error.WriteLineAsync("SiteMonitor cannot start:");
            foreach (string problem in e.Problems)
            {
                await Console.Error.WriteLineAsync($"  - {problem}");
            }

            return HostExitCode.CannotStart;
        }
    }

    private static async Task<int> RunAsync(RunningHost host, HostArguments arguments, IAnsiConsole console, HostStage stage)
    {
        CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        (stage.IsStarted, stage.Stopping) = (true, stopping);
        TimeProvider time = host.Services.GetRequiredService<TimeProvider>();
        IBacklogView view = console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi
            ? new LiveView(console)
            : new PlainView(console, time);
        StartupMessages.WriteAddresses(host, view);
        if (!arguments.Backlog && !arguments.UntilIdle)
        {
            await host.WaitForShutdownAsync();
            return HostExitCode.Ok;
        }

        BacklogRun backlog = new(host, view, time);
        int exitCode;
        try
        {
            if (arguments.UntilIdle && host.Simulation is { Arrivals.Waiting: > 0 } simulation)
            {
                await simulation.Server.AdvanceClock!(simulation.Arrivals.Remaining, stopping);
            }

            DateTimeOffset since = host.Simulation?.Session.Started ?? time.GetUtcNow();
            exitCode = await backlog.RunAsync(arguments.Backlog, arguments.Repository, since, stopping);
        }
#pragma warning disable CA1031 // Requests and activities that a stop cancels fail in many ways; none of them is an error.
        catch (Exception) when (stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Last on the screen, after the progress of what is still under way.
            await host.StopAsync();
            StartupMessages.WriteInterrupted(view);
            return HostExitCode.Interrupted;
        }

        host.Simulation?.MarkFinished(true);
        if (arguments.UntilIdle)
        {
            return exitCode;
        }

        StartupMessages.WriteNextSteps(host, view);
        try
        {
            await backlog.FollowAsync(finished => host.Simulation?.MarkFinished(finished), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            view.WriteLine("Stopping. Unfinished runs continue with the next start.");
        }

        return HostExitCode.Ok;
    }

    private static void AddConsole(IServiceCollection services, HostArguments arguments, IAnsiConsole console, HostStage stage)
    {
        services.AddSingleton<ILoggerProvider>(
            provider => new ConsoleLoggerProvider(console, provider.GetRequiredService<TimeProvider>(), stage));
        if (arguments.Backlog || arguments.UntilIdle)
        {
            services.AddLogging(logging => logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning)
                .AddFilter<ConsoleLoggerProvider>("DurableTask.Core", LogLevel.Critical));
            services.AddRunFeed();
        }
    }
}
