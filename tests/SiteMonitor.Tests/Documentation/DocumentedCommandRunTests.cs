using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DurableTask.Sqlite.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Gives every command in the documents to the real command line, document by document, against one host beside the simulated GitHub and model.</summary>
public sealed partial class DocumentedCommandRunTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What an hour-old rollout in the last but two of its phases may refuse, and in which words. All else must be done.</summary>
    private static readonly (string Command, string Says, int Exit)[] AllowedRefusals =
    [
        ("rollout gate", "Gate of phase ", ExitCode.Refused),
        ("rollout advance", "The gate of ", ExitCode.Refused),
        ("rollout advance", "The rollout is frozen", ExitCode.Refused),
        ("rollout advance", "is rolled back", ExitCode.Refused),
        ("rollout back", "is rolled back", ExitCode.Refused),
        ("rollout back", "The rollout is frozen", ExitCode.Refused),
        ("rollout confirm ", "has no criterion", ExitCode.Refused),
        ("rollout withdraw ", "has no criterion", ExitCode.Refused),
        ("compare --sample", "left out: ", ExitCode.Failed),
        ("process-pipeline --issue 12 --stage preparation", "Copilot has the issue already", ExitCode.Failed),
    ];

    private readonly TestDirectory _directory = new();
    private RunningHost _host = null!;
    private string _incident = "INC-1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await RunningHost.StartAsync(HostArguments.Parse(["--port", "0", "--data", Path.Combine(_directory.Path, ".sitemonitor")], out _)!, static _ => { }, Stop);
        _directory.Write("delivery.json", """{"zen":"Design for failure.","hook_id":1,"repository":{"full_name":"octo-org/watchtower"}}""");
        (_, string plan) = await RunAsync("rollout plan show");
        _directory.Write("rollout-plan.json", plan);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Every_Command_In_The_Documents_Does_What_It_Says()
    {
        List<string> wrong = [];
        int run = 0;
        foreach (DocumentedCommand command in DocumentedCommands.Documents.SelectMany(d => DocumentedCommands.Of(d).DistinctBy(c => c.Arguments)).Where(c => c.Arguments is not (null or "…")))
        {
            await WaitForIdleAsync();
            (int exit, string text) = await RunAsync(command.Arguments!);
            run++;
            bool isAllowed = AllowedRefusals.Any(r =>
                exit == r.Exit
                && command.Arguments!.StartsWith(r.Command, StringComparison.Ordinal)
                && text.Contains(r.Says, StringComparison.Ordinal));
            if (exit != ExitCode.Ok && !isAllowed)
            {
                wrong.Add($"{command}: exit code {exit}: {text}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(run > 80, $"Only {run} commands were found.");
    }

    /// <summary>Waits for the runs that the last command started, so that the next one finds none on.</summary>
    private async Task WaitForIdleAsync()
    {
        EmbeddedTaskHub hub = _host.Services.GetRequiredService<EmbeddedTaskHub>();
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Patience;
        while (hub.UnfinishedInstances > 0 && TimeProvider.System.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    private async Task<(int Exit, string Text)> RunAsync(string command)
    {
        Match redirected = RedirectionPattern().Match(command);
        string[] arguments = [.. CommandLineParser.SplitCommandLine(FillPlaceholders(redirected.Success ? redirected.Groups[1].Value : command))];
        using StringWriter output = new();
        Terminal terminal = new()
        {
            Out = Consoles.Plain(output),
            Error = Consoles.Plain(output),
            Environment = static name => name == "SITEMONITOR_OPERATOR" ? "ada" : null,
            WorkingDirectory = _directory.Path,
            Http = static () => new SocketsHttpHandler(),
            OpenBrowser = static _ => { },
        };
        int exit = await SiteMonitorCommand.RunAsync(terminal, AddConfirmation(terminal, arguments), Stop);
        string text = output.ToString();
        _incident = IncidentPattern().Match(text) is { Success: true } opened ? opened.Value : _incident;
        if (redirected.Success)
        {
            _directory.Write(redirected.Groups[2].Value, text);
        }

        return (exit, text);
    }

    /// <summary>A reader is asked and says yes; a test cannot be asked.</summary>
    private static string[] AddConfirmation(Terminal terminal, string[] arguments) =>
        !arguments.Contains("--yes") && SiteMonitorCommand.Create(terminal).Parse(arguments).CommandResult.Command.Options.Any(o => o.Name == "--yes")
            ? [.. arguments, "--yes"]
            : arguments;

    /// <summary>The command with what a reader puts in: the first of several choices, the incident just opened, files where they lie.</summary>
    private string FillPlaceholders(string command)
    {
        string text = AlternativePattern().Replace(command, "$1")
            .Replace("[", string.Empty, StringComparison.Ordinal)
            .Replace("]", string.Empty, StringComparison.Ordinal)
            .Replace("<criterion>", "satisfaction", StringComparison.Ordinal)
            .Replace("<phase>", "soft-launch", StringComparison.Ordinal)
            .Replace("<secret>", _host.Simulation!.Session.WebhookSecret, StringComparison.Ordinal)
            .Replace("http://localhost:7071/", _host.Url.ToString(), StringComparison.Ordinal)
            .Replace("INC-1", _incident, StringComparison.Ordinal)
            .Replace("…", "x", StringComparison.Ordinal);
        text = NumberPattern().Replace(text, "12");
        return FilePattern().Replace(text, m => File.Exists(RepositoryRoot.File(m.Value))
            ? RepositoryRoot.File(m.Value)
            : Path.Combine(_directory.Path, m.Value == "FILE" ? "rollout-plan.json" : m.Value));
    }

    [GeneratedRegex(@"^(.*\S)\s+> (\S+)$")]
    private static partial Regex RedirectionPattern();

    [GeneratedRegex(@"(?<=[\s\[])([\w-]+)(?:\|[\w-]+)+")]
    private static partial Regex AlternativePattern();

    [GeneratedRegex(@"\bN\b")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\bFILE\b|\b(?:[\w-]+/)*[\w-]+\.(json|html)\b")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"(?<=Incident: )INC-\d+|INC-\d+(?= is open)")]
    private static partial Regex IncidentPattern();
}
