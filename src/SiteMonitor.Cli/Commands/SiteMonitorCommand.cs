using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SiteMonitor.Cli.Commands.Rollout;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines the command line. To add a command, add a file beside this one and a line to <see cref="Create"/>.</summary>
internal static class SiteMonitorCommand
{
    public static async Task<int> RunAsync(Terminal terminal, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await InvokeAsync(terminal, arguments, cancellationToken);
        }
        catch (Exception e) when (IsOutputFailure(e))
        {
            return ReportOutputFailure(terminal, e);
        }
    }

    private static async Task<int> InvokeAsync(Terminal terminal, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        RootCommand root = Create(terminal);
        ParseResult parsed = root.Parse(arguments);
        InvocationConfiguration invocation = new()
        {
            Output = terminal.Out.Profile.Out.Writer,
            Error = terminal.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
        };
        if (IsBareCall(parsed))
        {
            return await root.Parse([.. arguments, "--help"]).InvokeAsync(invocation, cancellationToken);
        }

        if (parsed.Action is not ParseErrorAction errors)
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }

        errors.ShowHelp = false;
        errors.ShowTypoCorrections = true;
        await parsed.InvokeAsync(invocation, cancellationToken);
        await invocation.Error.WriteLineAsync($"'{GetPath(parsed.CommandResult)} --help' lists commands and options.");
        return ExitCode.Usage;
    }

    internal static RootCommand Create(Terminal terminal)
    {
        RootCommand root = new("Operates SiteMonitor. " + ExitCode.Description);
        GlobalOptions globals = new();
        globals.AddTo(root);
        CommandBuilder builder = new(terminal, globals);
        root.Add(ProcessPipelineCommand.Create(builder));
        root.Add(StatusCommand.Create(builder));
        root.Add(DoctorCommand.Create(builder));
        root.Add(ReplayCommand.Create(builder));
        root.Add(RunCommand.Create(builder));
        root.Add(ClockCommand.Create(builder));
        root.Add(RolloutCommand.Create(builder));
        root.Add(IncidentsCommand.Create(builder));
        root.Add(WorkflowsCommand.Create(builder));
        root.Add(ReportCommand.Create(builder));
        root.Add(DashboardCommand.Create(builder));
        root.Add(CompareCommand.Create(builder));
        root.Add(ExportCommand.Create(builder));
        root.Add(BacktestCommand.Create(builder));
        root.Add(CompletionCommand.Create(terminal));
        foreach (OldCommand old in OldCommands.All)
        {
            root.Add(OldCommandCommand.Create(builder, old));
        }

        return root;
    }

    // Commands handle failures of the files that they read and write; what is left are closed or full outputs.
    private static bool IsOutputFailure(Exception failure) => failure is IOException or UnauthorizedAccessException;

    private static int ReportOutputFailure(Terminal terminal, Exception failure)
    {
        try
        {
            terminal.Error.WriteStyledLine($"[red]The output cannot be written ({failure.GetBaseException().Message}).[/]");
        }
        catch (Exception e) when (IsOutputFailure(e))
        {
            // Nobody can be told.
        }

        return ExitCode.Failed;
    }

    /// <summary>Returns whether only a group such as <c>rollout</c> was named, without a subcommand.</summary>
    private static bool IsBareCall(ParseResult parsed) =>
        parsed.Action is null or ParseErrorAction
        && parsed.CommandResult.Command is { Subcommands.Count: > 0, Action: null } && parsed.UnmatchedTokens.Count == 0;

    private static string GetPath(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{GetPath(parent)} {command.Command.Name}" : "sitemonitor";
}
