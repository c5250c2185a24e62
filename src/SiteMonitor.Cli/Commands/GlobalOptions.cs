using System.CommandLine;
using SiteMonitor.Cli.Api;

namespace SiteMonitor.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"Address of the application, without /api. Default: {ApiTargetFinder.UrlVariable}, else the host running on this machine, else http://localhost:7071.",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"Function key. Default: {ApiTargetFinder.KeyVariable}, else the key file of the host on this machine.",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write the application's answer as JSON, for scripts.", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(Key);
        command.Options.Add(Json);
    }
}
