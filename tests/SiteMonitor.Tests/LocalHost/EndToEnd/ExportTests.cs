using DurableTask.Sqlite.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Backtest;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Exports from a host beside the simulated GitHub, as an operator does.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private readonly StringWriter _text = new();
    private RunningHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await RunningHost.StartAsync(
        HostArguments.Parse(["--port", "0", "--data", Path.Combine(_directory.Path, ".sitemonitor")], out _)!, static _ => { }, Stop);

    [Fact]
    public async Task The_Finished_Backlog_Is_Exported_As_It_Was_Opened_And_Nothing_Is_Written()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("process-pipeline", "--batch-size", "500", "--wait"));
        await _host.Sandbox!.WaitForDeliveriesAsync(Stop);
        await _host.Services.GetRequiredService<EmbeddedTaskHub>().WhenIdleAsync(Stop);
        int writes = _host.Sandbox!.Writes.Count;

        Assert.Equal(ExitCode.Ok, await RunAsync("export", "--out", "export.json"));

        (ExportHeader header, List<IssueHistory> issues) = await ReadAsync("export.json");
        Seed[] seeds = [.. SeedCatalogue.Seeds.Where(s => !s.IsPullRequest)];
        Assert.Equal(SeedCatalogue.Repository, header.Repository);
        Assert.Equal(
            seeds.Select(s => (s.Number, s.Title, s.Text() ?? string.Empty, s.Author)), issues.Select(i => (i.Number, i.Title, i.Body, i.Author)));
        Assert.Equal(writes, _host.Sandbox.Writes.Count);
        Assert.All(seeds.Zip(issues), pair => Assert.Equal(
            _host.Sandbox.Issue(pair.First.Number)!.Labels.Order(StringComparer.Ordinal), pair.Second.Labels.Order(StringComparer.Ordinal)));
        Assert.All(seeds.Zip(issues).Where(p => p.First.ExpectedOutcome == SeedOutcome.Ready), pair =>
        {
            IssueHistory issue = pair.Second;
            Assert.True(issue.OwnComments.Intersect(["assignment", "prepared"]).Any(), $"#{issue.Number}: {string.Join(", ", issue.OwnComments)}");
            Assert.Contains(issue.AssigneeEvents, e => e is { Assignee: "copilot-swe-agent[bot]", IsAssigned: true });
            Assert.All(pair.First.Specialists.Except(pair.First.Labels), s => Assert.Contains(issue.LabelEvents, e => e.Label == s && e is { IsAdded: true, IsByBot: true }));
        });
        Assert.All(issues, issue => Assert.Equal(issue.Labels.Order(StringComparer.Ordinal), Replay(issue).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task An_Anonymised_Export_Has_No_Persons_Login_And_No_Address()
    {
        _host.Sandbox!.Perform(new UserAction
        {
            Do = UserActionKind.Open, Value = "Asked by grace-hopper", Text = "Tell @ada-lovelace and grace@navy.example.", Login = "grace-hopper",
        });
        _host.Sandbox.Perform(new UserAction { Do = UserActionKind.Assign, Number = 65, Value = "ada-lovelace" });

        Assert.Equal(ExitCode.Ok, await RunAsync("export", "--out", "export.json", "--anonymise"));

        string text = await File.ReadAllTextAsync(Path.Combine(_directory.Path, "export.json"), Stop);
        Assert.All(
            ["mona-lisa", "hubot", "octo-operator", "grace", "ada-lovelace", "navy.example"],
            name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
        (ExportHeader header, List<IssueHistory> issues) = await ReadAsync("export.json");
        Assert.True(header.IsAnonymised);
        Assert.Contains(issues, i => i.Author == "watchtower-monitor[bot]");
        Assert.Contains(issues, i => i.Title.StartsWith("Asked by person-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_Export_Interrupted_In_The_Middle_Reads_No_Page_Again_And_Has_Each_Issue_Once()
    {
        using CancellationTokenSource interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _host.Sandbox!.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.Timeout, Skip = 2, DelayMs = 60_000 });
        Task<int> first = RunAsync(interrupt.Token, "export", "--out", "export.json");
        string resume = Path.Combine(_directory.Path, "export.json.resume");
        while (!(File.Exists(resume) && (await ReadSharedAsync(resume)).Contains("\"issues\":50", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }

        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await first);
        _host.Sandbox.ClearFaults();
        long queries = _host.Sandbox.Stats.GitHubRequests;

        Assert.Equal(ExitCode.Ok, await RunAsync("export", "--out", "export.json"));

        Assert.Equal(1, _host.Sandbox.Stats.GitHubRequests - queries);
        Assert.Equal(
            SeedCatalogue.Seeds.Where(s => !s.IsPullRequest).Select(s => s.Number), (await ReadAsync("export.json")).Issues.Select(i => i.Number));
        Assert.Contains("Continuing export.json.part after 50 of 63 issues.", _text.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Sandbox.Writes);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
        await _text.DisposeAsync();
    }

    /// <summary>Returns the labels that the events lead to.</summary>
    private static HashSet<string> Replay(IssueHistory issue)
    {
        HashSet<string> labels = new(StringComparer.OrdinalIgnoreCase);
        foreach (LabelEvent entry in issue.LabelEvents)
        {
            Assert.True(entry.IsAdded ? labels.Add(entry.Label) : labels.Remove(entry.Label), $"#{issue.Number}: {entry}");
        }

        return labels;
    }

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        return await reader.ReadToEndAsync(Stop);
    }

    private async Task<(ExportHeader Header, List<IssueHistory> Issues)> ReadAsync(string name)
    {
        using StreamReader reader = new(Path.Combine(_directory.Path, name));
        ExportHeader header = await ExportFile.ReadHeaderAsync(reader, Stop);
        return (header, await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop));
    }

    private Task<int> RunAsync(params string[] arguments) => RunAsync(Stop, arguments);

    private Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) => SiteMonitorCommand.RunAsync(
        Terminals.In(_directory.Path, _text),
        arguments,
        cancellationToken);
}
