using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Commands that only look.</summary>
internal static class RolloutShowCommands
{
    public static Command Status(CommandBuilder builder) =>
        Show(builder, new Command("status", "One screen: phase, flags, cohorts, gate, guard, incidents, last events."), RolloutStatusText.Write, static _ => ExitCode.Ok);

    /// <summary>Exit code 0 when the gate is met, 4 when it is not: for scripts.</summary>
    public static Command Gate(CommandBuilder builder) =>
        Show(
            builder,
            new Command("gate", "Each criterion of the phase's gate, measured; exit code 4 while it is not met."),
            GateText.Write,
            static status => status.Gate.All(c => c.State == CriterionState.Met) ? ExitCode.Ok : ExitCode.Refused);

    public static Command History(CommandBuilder builder)
    {
        Option<int> limit = new("--limit") { Description = "How many entries.", DefaultValueFactory = _ => 50 };
        Command command = new("history", "The audit log: who or what, when, why, before, after.");
        command.Options.Add(limit);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            ApiResponse<List<AuditEntry>> answer = await context.Api.GetAsync(
                FormattableString.Invariant($"rollout/history?limit={context.Arguments.GetValue(limit)}"), OperationRunner.JsonType<List<AuditEntry>>(), cancellationToken);
            if (answer.Value is not { } entries)
            {
                return context.ShowProblem(answer);
            }

            if (context.Json)
            {
                RawJson.Write(context.Terminal.Out, answer.Body);
            }
            else
            {
                HistoryText.Write(context.Terminal.Out, entries);
            }

            return ExitCode.Ok;
        });
    }

    private static Command Show(CommandBuilder builder, Command command, Action<Spectre.Console.IAnsiConsole, RolloutStatus> write, Func<RolloutStatus, int> exitCode) =>
        builder.Build(command, async (context, cancellationToken) =>
        {
            ApiResponse<RolloutStatus> answer = await context.Api.GetAsync("rollout", OperationRunner.JsonType<RolloutStatus>(), cancellationToken);
            if (answer.Value is not { } status)
            {
                return context.ShowProblem(answer);
            }

            if (context.Json)
            {
                RawJson.Write(context.Terminal.Out, answer.Body);
            }
            else
            {
                write(context.Terminal.Out, status);
            }

            return exitCode(status);
        });
}
