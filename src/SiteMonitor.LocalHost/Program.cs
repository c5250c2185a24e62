using SiteMonitor.LocalHost;
using Spectre.Console;

const int WideEnough = 1000;

// Lines in a file or a pipe are not to be broken.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = WideEnough;
}

return await LocalHostProgram.RunAsync(args, AnsiConsole.Console);
