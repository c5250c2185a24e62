using SiteMonitor.LocalHost;
using Spectre.Console;

const int RedirectedWidth = 1000;

// Do not break lines in a file or a pipe.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = RedirectedWidth;
}

return await LocalHostProgram.RunAsync(args, AnsiConsole.Console);
