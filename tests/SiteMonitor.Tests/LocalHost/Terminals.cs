using SiteMonitor.Cli;

namespace SiteMonitor.Tests.LocalHost;

/// <summary>Creates what the command line runs in.</summary>
internal static class Terminals
{
    /// <summary>A terminal in a folder, without environment variables, whose requests go to the network.</summary>
    /// <param name="error">Null: the errors are written to the output.</param>
    public static Terminal In(string directory, TextWriter output, TextWriter? error = null) => new()
    {
        Out = Consoles.Plain(output),
        Error = Consoles.Plain(error ?? output),
        Environment = static _ => null,
        WorkingDirectory = directory,
        Http = static () => new SocketsHttpHandler(),
    };
}
