using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Gives commands their context and turns failures into messages and exit codes.</summary>
internal sealed class CommandBuilder(Terminal terminal, GlobalOptions globals)
{
    public Terminal Terminal { get; } = terminal;

    /// <summary>Sets the command's action; the function returns the exit code.</summary>
    public Command Build(Command command, Func<CommandContext, CancellationToken, Task<int>> run)
    {
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, run, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult arguments, Func<CommandContext, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            ApiTarget target = ApiTargetFinder.Find(Terminal, arguments.GetValue(globals.Url), arguments.GetValue(globals.Key));
            using ApiClient api = new(target, Terminal);
            return await run(new CommandContext(Terminal, arguments, api, arguments.GetValue(globals.Json)), cancellationToken);
        }
        catch (UsageException e)
        {
            return Fail(e.Message, ExitCode.Usage);
        }
        catch (UnreachableException e)
        {
            return Fail(e.Message, ExitCode.Unreachable);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail("Interrupted. Runs that were started continue; see 'sitemonitor status'.", ExitCode.Interrupted);
        }
    }

    private int Fail(string message, int exitCode)
    {
        Terminal.Error.WriteStyledLine($"[red]{message}[/]");
        return exitCode;
    }
}

/// <summary>Defines the options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "Address of the application, without /api. "
            + $"Default: {ApiTargetFinder.UrlVariable}, else the host running on this machine, else http://localhost:7071.",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"Function key. Default: {ApiTargetFinder.KeyVariable}, else the key file of the host on this machine.",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the application's response as JSON, for scripts.",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(Key);
        command.Options.Add(Json);
    }
}
