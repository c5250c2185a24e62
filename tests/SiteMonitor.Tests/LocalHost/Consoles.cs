using Spectre.Console;

namespace SiteMonitor.Tests.LocalHost;

/// <summary>Creates consoles that write to a text writer.</summary>
internal static class Consoles
{
    /// <summary>A file or pipe, wide enough not to break lines.</summary>
    public static IAnsiConsole Plain(TextWriter writer) => Create(writer, AnsiSupport.No, InteractionSupport.No, 1000);

    /// <summary>A terminal of 100 columns.</summary>
    public static IAnsiConsole Terminal(TextWriter writer) => Create(writer, AnsiSupport.Yes, InteractionSupport.Yes, 100);

    private static IAnsiConsole Create(TextWriter writer, AnsiSupport ansi, InteractionSupport interactive, int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(TextWriter.Synchronized(writer)),
            Ansi = ansi,
            Interactive = interactive,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = width;
        return console;
    }
}
