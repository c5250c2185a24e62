using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace SiteMonitor.Cli;

/// <summary>Holds what commands use of their environment: consoles, variables, files, network and clock.</summary>
internal sealed record Terminal
{
    /// <summary>Columns of redirected output without <c>COLUMNS</c>: enough for a table's row on one line.</summary>
    private const int RedirectedWidth = 400;

    /// <summary>Columns below which a table cannot be read.</summary>
    private const int MinWidth = 40;

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

    /// <summary>Whether results go to a terminal, where a person reads them, rather than to a pipe or a file.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The name of the person at this machine, for the audit log.</summary>
    public string UserName { get; init; } = System.Environment.UserName;

    public Action<Uri> OpenBrowser { get; init; } = StartBrowser;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal ForProcess() => new()
    {
        Out = CreateConsole(Console.Out, Console.IsOutputRedirected, System.Environment.GetEnvironmentVariable),
        Error = CreateConsole(Console.Error, Console.IsErrorRedirected, System.Environment.GetEnvironmentVariable),
        Environment = System.Environment.GetEnvironmentVariable,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Http = static () => new SocketsHttpHandler { AllowAutoRedirect = false },
        IsTerminal = !Console.IsOutputRedirected,
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

    /// <param name="environment">Reads <c>COLUMNS</c>, the width of redirected output: a pipe has no width to ask for.</param>
    internal static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected, Func<string, string?> environment)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width =
                int.TryParse(environment("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0
                    ? Math.Max(columns, MinWidth)
                    : RedirectedWidth;
        }

        return console;
    }
}
