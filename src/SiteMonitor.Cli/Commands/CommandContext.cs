using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>One call of a command: what it was given and what it may use.</summary>
internal sealed class CommandContext(Terminal terminal, ParseResult arguments, ApiClient api, bool json)
{
    public Terminal Terminal { get; } = terminal;

    public ParseResult Arguments { get; } = arguments;

    public ApiClient Api { get; } = api;

    /// <summary>Whether the caller wants JSON instead of text.</summary>
    public bool Json { get; } = json;

    /// <summary>Shows a refusal, or with <c>--json</c> hands it on, and gives the exit code that goes with it.</summary>
    public int ShowProblem<T>(ApiResponse<T> answer)
        where T : class
    {
        if (Json)
        {
            RawJson.Write(Terminal.Out, answer.Problem!);
        }
        else
        {
            ProblemText.Write(Terminal.Error, answer.Problem!);
        }

        return answer.ExitCode;
    }
}
