using System.CommandLine.Parsing;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Runs every command of docs/rehearsal.md, in order, against a sandbox.</summary>
public sealed class RehearsalTests : IDisposable
{
    private const string Start = "dotnet dev.cs run ";
    private const string Cli = "sitemonitor ";
    private const string Curl = "curl $SANDBOX/";
    private readonly TestDirectory _directory = new();
    private RunningHost? _host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Commands_Lead_From_Development_To_Steady()
    {
        string[] lines = await File.ReadAllLinesAsync(RepositoryRoot.File("docs", "rehearsal.md"), Cancelled);
        bool isCode = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode)
            {
                await RunAsync(line);
            }
        }

        Assert.Equal("steady", await _host!.Services.GetRequiredService<ICurrentPhase>().GetNameAsync(Cancelled));
        await _host.DisposeAsync();
    }

    public void Dispose() => _directory.Dispose();

    private async Task RunAsync(string line)
    {
        string command = line.Split('#')[0].Trim();
        if (command.StartsWith(Start, StringComparison.Ordinal))
        {
            string[] arguments = [.. command[Start.Length..].Split(' '), "--port", "0", "--data", Path.Combine(_directory.Path, ".sitemonitor")];
            _host = await RunningHost.StartAsync(HostArguments.Parse(arguments, out _)!, static _ => { }, Cancelled);
        }
        else if (command.StartsWith(Curl, StringComparison.Ordinal))
        {
            string[] parts = command[Curl.Length..].Split(" -d @");
            using HttpClient http = new() { BaseAddress = _host!.Sandbox!.BaseAddress };
            using StringContent body = new(await File.ReadAllTextAsync(RepositoryRoot.File(parts[1].Split('/')), Cancelled), Encoding.UTF8);
            using HttpResponseMessage response = await http.PostAsync(parts[0], body, Cancelled);
            Assert.True(response.IsSuccessStatusCode, $"{line}: {response.StatusCode}");
        }
        else
        {
            Assert.StartsWith(Cli, command, StringComparison.Ordinal);
            (int exitCode, string output) = await RunCliAsync([.. CommandLineParser.SplitCommandLine(command[Cli.Length..])]);
            bool isRefused = line.Contains("# refused", StringComparison.Ordinal);
            Assert.True(exitCode == (isRefused ? ExitCode.Refused : ExitCode.Ok), $"{line}: exit code {exitCode}\n{output}");
        }
    }

    private async Task<(int ExitCode, string Output)> RunCliAsync(string[] arguments)
    {
        using StringWriter output = new();
        Terminal terminal = new()
        {
            Out = Consoles.Plain(output),
            Error = Consoles.Plain(output),
            Environment = static name => name == "SITEMONITOR_OPERATOR" ? "ada" : null,
            WorkingDirectory = _directory.Path,
            Http = static () => new SocketsHttpHandler(),
        };
        int exitCode = await SiteMonitorCommand.RunAsync(terminal, arguments, Cancelled);
        return (exitCode, output.ToString());
    }
}
