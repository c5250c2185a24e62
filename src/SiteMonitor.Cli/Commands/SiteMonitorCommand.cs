using System.CommandLine;
using System.CommandLine.Parsing;
using SiteMonitor.Cli.Commands.Rollout;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Cli.Commands;

/// <summary>The command line as a whole. A new command is a file beside this one and a line in the list.</summary>
internal static class SiteMonitorCommand
{
    public static async Task<int> RunAsync(Terminal terminal, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ParseResult parsed = Create(terminal).Parse(arguments);
        InvocationConfiguration invocation = new()
        {
            Output = terminal.Out.Profile.Out.Writer,
            Error = terminal.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
        };
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }

        foreach (ParseError error in parsed.Errors)
        {
            await invocation.Error.WriteLineAsync(error.Message);
        }

        await invocation.Error.WriteLineAsync($"'{Path(parsed.CommandResult)} --help' shows what there is.");
        return ExitCode.Usage;
    }

    internal static RootCommand Create(Terminal terminal)
    {
        RootCommand root = new("Runs and watches SiteMonitor. " + ExitCode.Description);
        GlobalOptions globals = new();
        globals.AddTo(root);
        CommandBuilder builder = new(terminal, globals);
        root.Add(ProcessPipelineCommand.Create(builder));
        root.Add(StatusCommand.Create(builder));
        root.Add(DoctorCommand.Create(builder));
        root.Add(ReplayCommand.Create(builder));
        root.Add(RolloutCommand.Create(builder));
        root.Add(IncidentsCommand.Create(builder));
        root.Add(WorkflowsCommand.Create(builder));
        root.Add(ReportCommand.Create(builder));
        root.Add(CompareCommand.Create(builder));
        foreach (OldCommand old in OldCommands.All)
        {
            root.Add(OldCommandCommand.Create(builder, old));
        }

        return root;
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "sitemonitor";
}
