using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Holds one invocation of a command: its arguments, its consoles and the application.</summary>
internal sealed class CommandContext(Terminal terminal, ParseResult arguments, ApiClient api, bool json)
{
    public Terminal Terminal { get; } = terminal;

    public ParseResult Arguments { get; } = arguments;

    public ApiClient Api { get; } = api;

    /// <summary>Whether to write JSON instead of text.</summary>
    public bool Json { get; } = json;

    /// <summary>Writes a response's value or problem, as text or with <c>--json</c> as received.</summary>
    /// <returns>The exit code: of the value if there is one, else of the problem.</returns>
    public int Show<T>(ApiResponse<T> response, Action<IAnsiConsole, T> write, Func<T, int>? getExitCode = null)
        where T : class
    {
        if (response.Value is not { } value)
        {
            return ShowProblem(response);
        }

        if (Json)
        {
            Terminal.Out.WriteJson(response.Body);
        }
        else
        {
            write(Terminal.Out, value);
        }

        return getExitCode?.Invoke(value) ?? ExitCode.Ok;
    }

    /// <summary>Writes a response's problem and returns its exit code.</summary>
    public int ShowProblem<T>(ApiResponse<T> response)
        where T : class
    {
        if (Json)
        {
            Terminal.Out.WriteJson(response.Problem!);
        }
        else
        {
            Terminal.Error.WriteProblem(response.Problem!);
        }

        return response.ExitCode;
    }
}
