using System.ComponentModel;
using System.Diagnostics;
using Spectre.Console;

namespace SiteMonitor.Cli;

/// <summary>Holds what commands use of their environment: consoles, variables, files, network and clock.</summary>
internal sealed record Terminal
{
    private const int RedirectedWidth = 400;

    private static readonly TimeSpan LauncherTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The console for results.</summary>
    public required IAnsiConsole Out { get; init; }

    /// <summary>The console for progress and errors, so that results can be piped.</summary>
    public required IAnsiConsole Error { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The directory where the search for a host's files starts.</summary>
    public required string WorkingDirectory { get; init; }

    public required Func<HttpMessageHandler> Http { get; init; }

    /// <summary>The name of the person at this machine, for the audit log.</summary>
    public string UserName { get; init; } = System.Environment.UserName;

    public Action<Uri> OpenBrowser { get; init; } = StartBrowser;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal ForProcess() => new()
    {
        Out = CreateConsole(Console.Out, Console.IsOutputRedirected),
        Error = CreateConsole(Console.Error, Console.IsErrorRedirected),
        Environment = System.Environment.GetEnvironmentVariable,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Http = static () => new SocketsHttpHandler { AllowAutoRedirect = false },
    };

    private static void StartBrowser(Uri address)
    {
        try
        {
            // The launcher (such as xdg-open) exits with an error at once when there is no browser.
            using Process? starter = Process.Start(new ProcessStartInfo(address.OriginalString) { UseShellExecute = true });
            if (starter is null || !starter.WaitForExit(LauncherTimeout) || starter.ExitCode == 0)
            {
                return;
            }
        }
        catch (Win32Exception)
        {
            // No launcher is installed.
        }

        throw new UsageException("No browser can be started here: open the address yourself and enter the function key.");
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
