using Spectre.Console;

namespace SiteMonitor.Cli;

/// <summary>What the commands have of the world outside: consoles, environment, files, network, clock.</summary>
internal sealed record Terminal
{
    /// <summary>Results.</summary>
    public required IAnsiConsole Out { get; init; }

    /// <summary>Progress and errors, so that results can be piped.</summary>
    public required IAnsiConsole Error { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Where the search for a host's files starts.</summary>
    public required string WorkingDirectory { get; init; }

    public required Func<HttpMessageHandler> Http { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal ForProcess() => new()
    {
        Out = Console(System.Console.Out, System.Console.IsOutputRedirected),
        Error = Console(System.Console.Error, System.Console.IsErrorRedirected),
        Environment = System.Environment.GetEnvironmentVariable,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Http = static () => new SocketsHttpHandler { AllowAutoRedirect = false },
    };

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        const int WideEnough = 400;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = WideEnough;
        }

        return console;
    }
}
