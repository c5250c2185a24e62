using System.CommandLine;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines the rollout commands that only read.</summary>
internal static class RolloutShowCommands
{
    public static Command CreateStatus(CommandBuilder builder) => Create(
        builder,
        new Command("status", "Show phase, flags, traffic, gate, guard, incidents and last events on one screen."),
        new Watcher("Repeat every 5 s until interrupted."),
        RolloutStatusText.Write,
        static _ => ExitCode.Ok,
        static _ => false);

    /// <summary>Creates <c>rollout gate</c>. It exits with 0 if the gate is met, else with 4.</summary>
    public static Command CreateGate(CommandBuilder builder) => Create(
        builder,
        new Command("gate", "Show each criterion of the phase's gate with its measured value; exit code 4 while the gate is not met."),
        new Watcher("Repeat every 5 s until the gate is met."),
        GateText.Write,
        static status => IsMet(status) ? ExitCode.Ok : ExitCode.Refused,
        IsMet);

    public static Command CreateHistory(CommandBuilder builder)
    {
        Option<int> limit = new("--limit") { Description = "Number of entries.", DefaultValueFactory = _ => 50 };
        Command command = new("history", "Show the audit log: who or what, when, why, before, after.");
        command.Options.Add(limit);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = FormattableString.Invariant($"rollout/history?limit={context.Arguments.GetValue(limit)}");
            return context.Show(await context.Api.GetAsync<List<AuditEntry>>(path, cancellationToken), HistoryText.Write);
        });
    }

    public static Command CreateForecast(CommandBuilder builder) => builder.Build(
        new Command("forecast", "Show when the gate will be met at the present traffic, and how soon the guard would notice failures."),
        async (context, cancellationToken) =>
            context.Show(await context.Api.GetAsync<RolloutForecast>("rollout/forecast", cancellationToken), ForecastText.Write));

    private static bool IsMet(RolloutStatus status) => status.Gate.All(c => c.State == CriterionState.Met);

    private static Command Create(
        CommandBuilder builder,
        Command command,
        Watcher watcher,
        Action<IAnsiConsole, RolloutStatus> write,
        Func<RolloutStatus, int> getExitCode,
        Func<RolloutStatus, bool> isEnd)
    {
        watcher.AddTo(command);
        return builder.Build(command, (context, cancellationToken) => watcher.RunAsync(
            context, token => context.Api.GetAsync<RolloutStatus>("rollout", token), write, getExitCode, isEnd, cancellationToken));
    }
}
