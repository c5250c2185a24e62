using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost;
using SiteMonitor.LocalHost.Backlog;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Rehearses on an export: its open issues fill the sandbox.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Clear =
        "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.";

    private static readonly DateTimeOffset Opened = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private readonly TestDirectory _directory = new();
    private readonly StringWriter _text = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_directory.Path, "data");

    [Fact]
    public async Task The_Open_Issues_Are_Processed_As_They_Were_Opened_And_The_Summary_Ends_It()
    {
        string file = await WriteAsync("export.json", "Acme/Site",
            Issue(3) with
            {
                Labels = ["intelligence-analyst", "copilot-assigned", "customer"],
                LabelEvents =
                [
                    new LabelEvent(Opened, "Customer", true, "mona-lisa", false), new LabelEvent(Opened.AddSeconds(2), "needs-review", true, "mona-lisa", false),
                    new LabelEvent(Opened.AddHours(1), "later", true, "mona-lisa", false),
                ],
            },
            Issue(8) with { ClosedAt = Opened.AddDays(1) },
            Issue(40) with { Author = string.Empty });

        int exitCode = await LocalHostProgram.RunAsync(
            ["--backlog", "--until-idle", "--port", "0", "--data", Data, "--import", file], Consoles.Plain(_text));

        string output = _text.ToString();
        Assert.True(exitCode == HostExitCode.Ok, output);
        Assert.Contains("They are the 2 open issues of export.json", output, StringComparison.Ordinal);
        Assert.Contains("its 1 closed ones are left out.", output, StringComparison.Ordinal);
        Assert.Contains("2 issues in ", output, StringComparison.Ordinal);
        Assert.Contains(": 2 succeeded, 0 failed", output, StringComparison.Ordinal);
        await using SandboxServer after = await SandboxServer.StartAsync(
            new SandboxOptions { DatabasePath = Path.Combine(Data, "sandbox", "sandbox.db") }, Stop);
        IssueView[] issues = [.. after.Issues()];
        Assert.Equal([("Acme/Site", 3), ("Acme/Site", 40)], issues.Select(i => (i.Repository, i.Number)));
        Assert.All(issues, issue => Assert.Contains("copilot-assigned", issue.Labels));
        Assert.Equal(["Customer", "copilot-assigned", "intelligence-analyst"], issues[0].Labels.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Arrivals_Are_Replayed_With_Their_Real_Spacing_On_The_Simulated_Clock_Across_A_Restart()
    {
        string file = await WriteArrivalsAsync();
        await using (RunningHost host = await StartReplayAsync("--import", file, "--replay-arrivals"))
        {
            Assert.Equal(["First"], Titles(host));
            await host.Sandbox!.AdvanceClock!(TimeSpan.FromHours(47), Stop);
            Assert.Equal(["First"], Titles(host));
            await host.Sandbox.AdvanceClock(TimeSpan.FromHours(2), Stop);
            Assert.Equal(["First", "Second, closed since"], Titles(host));
            host.Sandbox.Perform(new UserAction { Do = UserActionKind.Open, Value = "By hand", Text = "Not of the file." });
        }

        await using RunningHost next = await StartReplayAsync();
        Assert.Equal(1, next.Simulation!.Arrivals!.Waiting);
        await next.Sandbox!.AdvanceClock!(TimeSpan.FromHours(3), Stop);

        Assert.Equal(["First", "Second, closed since", "By hand", "Third"], Titles(next));
        DateTimeOffset[] started = await next.Services.GetRequiredService<IRunLedger>().QueryAsync(new LedgerQuery(Kind: RunKind.Run), Stop)
            .Where(r => r.Trigger == TriggerNames.Webhook && r.Outcome == RunOutcome.Succeeded).Select(r => r.Started).ToArrayAsync(Stop);
        Assert.Equal(3, started.Length);
        Assert.InRange(started[1] - started[0], TimeSpan.FromHours(47.9), TimeSpan.FromHours(48.5));
        Assert.InRange(started[2] - started[1], TimeSpan.FromHours(2.5), TimeSpan.FromHours(3.5));
    }

    [Fact]
    public async Task A_Host_Killed_Right_After_It_Opened_An_Arrival_Does_Not_Open_It_Again()
    {
        string file = await WriteArrivalsAsync();
        string session = Path.Combine(Data, "sandbox", "session.json");
        byte[] saved;
        await using (RunningHost host = await StartReplayAsync("--import", file, "--replay-arrivals"))
        {
            saved = await File.ReadAllBytesAsync(session, Stop);
            await host.Sandbox!.AdvanceClock!(TimeSpan.FromHours(49), Stop);
            Assert.Equal(["First", "Second, closed since"], Titles(host));
        }

        // What the host saved about the second issue and the clock is missing: only the sandbox has the issue.
        await File.WriteAllBytesAsync(session, saved, Stop);
        await using RunningHost next = await StartReplayAsync();
        Assert.Equal(1, next.Simulation!.Arrivals!.Waiting);
        await next.Sandbox!.AdvanceClock!(TimeSpan.FromHours(52), Stop);

        Assert.Equal(["First", "Second, closed since", "Third"], Titles(next));
    }

    [Fact]
    public async Task An_Arrival_That_Pseudonyms_Made_Longer_Than_GitHub_Allows_Is_Opened()
    {
        string title = $"Found by person-4f0c2a9d81be: {new string('a', 256)}";
        string file = await WriteAsync("export.json", "Acme/Site", Issue(3) with { Title = title });

        await using RunningHost host = await StartReplayAsync("--import", file, "--replay-arrivals");

        Assert.Equal([title], Titles(host));
    }

    [Fact]
    public async Task Until_Idle_Replays_All_Arrivals_And_Ends()
    {
        string file = await WriteArrivalsAsync();

        int exitCode = await LocalHostProgram.RunAsync(
            ["--backlog", "--until-idle", "--port", "0", "--data", Data, "--import", file, "--replay-arrivals"], Consoles.Plain(_text));

        string output = _text.ToString();
        Assert.True(exitCode == HostExitCode.Ok, output);
        Assert.Contains("2 of the 3 issues of export.json", output, StringComparison.Ordinal);
        Assert.Contains("3 issues in ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Import_Export_Is_Identical()
    {
        string first = await ExportAsync("first", []);
        string second = await ExportAsync("second", ["--import", first]);
        string third = await ExportAsync("third", ["--import", second]);

        // What must differ from the first: closed issues, our own labels of before, and the time of the export. Nothing else may, ever again.
        IssueHistory[] originals = [.. (await ReadAsync(first)).Where(i => i.ClosedAt is null)];
        IssueHistory[] copies = [.. await ReadAsync(second)];
        Assert.True(originals.Length > 50);
        Assert.Equal(
            originals.Select(i => (i.Number, i.Title, i.Body, i.Author, i.CreatedAt)), copies.Select(i => (i.Number, i.Title, i.Body, i.Author, i.CreatedAt)));
        string[] ours =
        [
            "site-monitor", "analyzing", "processing", "copilot-assigned", "completed", "needs-review", "needs clarification", "intelligence-analyst",
            "osint-researcher", "target-profiler", "business-analyst", "threat-hunter",
        ];
        Assert.All(originals.Zip(copies), pair =>
            Assert.Equal(["site-monitor", .. pair.First.Labels.Except(ours, StringComparer.OrdinalIgnoreCase)], pair.Second.Labels));
        Assert.Equal((await File.ReadAllLinesAsync(second, Stop))[1..], (await File.ReadAllLinesAsync(third, Stop))[1..]);
    }

    [Theory]
    [InlineData("Line 3 of the export: issue 1 is in the file twice.", 1, 1)]
    [InlineData("Line 2 of the export: number must be 1 or more.", 0)]
    [InlineData("has no open issue, so there is nothing to rehearse on.")]
    public async Task A_File_That_Cannot_Be_Imported_Is_Refused_With_The_Reason(string reason, params int[] numbers)
    {
        string file = await WriteAsync("export.json", "o/r", [.. numbers.Select(Issue)]);
        string[] arguments = ["--until-idle", "--port", "0", "--data", Data, "--import", file];

        StartupException refused = await Assert.ThrowsAsync<StartupException>(
            () => RunningHost.StartAsync(HostArguments.Parse(arguments, out _)!, static _ => { }, Stop));

        Assert.Contains(reason, Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Equal(HostExitCode.CannotStart, await LocalHostProgram.RunAsync(arguments, Consoles.Plain(TextWriter.Null)));
        Assert.False(Directory.Exists(Path.Combine(Data, "sandbox")) && Directory.EnumerateFiles(Path.Combine(Data, "sandbox")).Any());
    }

    [Fact]
    public async Task A_File_That_Is_Not_There_Is_Refused()
    {
        string[] arguments = ["--until-idle", "--port", "0", "--data", Data, "--import", Path.Combine(_directory.Path, "missing.json")];

        Assert.Equal(HostExitCode.CannotStart, await LocalHostProgram.RunAsync(arguments, Consoles.Plain(TextWriter.Null)));
    }

    [Fact]
    public async Task A_Backlog_Longer_Than_A_Batch_Is_Processed_To_Its_End()
    {
        string file = await WriteAsync("export.json", "o/r", [.. Enumerable.Range(1, 7).Select(Issue)]);
        await using RunningHost host = await RunningHost.StartAsync(
            HostArguments.Parse(["--port", "0", "--data", Data, "--import", file], out _)!, static services => services.AddRunFeed(), Stop);
        BacklogRun backlog = new(host, new PlainView(Consoles.Plain(_text), TimeProvider.System), host.Services.GetRequiredService<TimeProvider>(), batchSize: 3);

        int exitCode = await backlog.RunAsync(startIssues: true, null, host.Simulation!.Session.Started, Stop);

        Assert.True(exitCode == HostExitCode.Ok, _text.ToString());
        Assert.All(host.Sandbox!.Issues(), issue => Assert.Contains("copilot-assigned", issue.Labels));
        Assert.Contains("7 issues in ", _text.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _text.Dispose();
    }

    private static IssueHistory Issue(int number) => new()
    {
        Number = number, Title = "New ransomware campaign against grid operators", Body = Clear, Author = "mona-lisa", CreatedAt = Opened,
    };

    private static string[] Titles(RunningHost host) => [.. host.Sandbox!.Issues().Select(i => i.Title)];

    private Task<RunningHost> StartReplayAsync(params string[] arguments) => RunningHost.StartAsync(
        HostArguments.Parse(["--port", "0", "--data", Data, .. arguments], out _)!, static _ => { }, Stop);

    /// <summary>Three issues, the second two days after the first and closed since, the third three hours after it.</summary>
    private Task<string> WriteArrivalsAsync() => WriteAsync("export.json", "Acme/Site",
        Issue(3) with { Title = "First", LabelEvents = [new LabelEvent(Opened, "customer", true, "mona-lisa", false)] },
        Issue(8) with { Title = "Second, closed since", CreatedAt = Opened.AddDays(2), ClosedAt = Opened.AddDays(9), Author = string.Empty },
        Issue(40) with { Title = "Third", CreatedAt = Opened.AddDays(2).AddHours(3) });

    private static async Task<List<IssueHistory>> ReadAsync(string path)
    {
        using StreamReader reader = new(path);
        await ExportFile.ReadHeaderAsync(reader, Stop);
        return await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop);
    }

    private async Task<string> WriteAsync(string name, string repository, params IssueHistory[] issues)
    {
        string path = Path.Combine(_directory.Path, name);
        await using StreamWriter writer = new(path);
        await ExportFile.WriteAsync(
            writer, new ExportHeader { Format = ExportHeader.FormatName, Version = ExportHeader.CurrentVersion, Repository = repository, ExportedAt = Opened });
        foreach (IssueHistory issue in issues)
        {
            await ExportFile.WriteAsync(writer, issue);
        }

        return path;
    }

    /// <summary>Exports the issues of a new host, which nothing has processed.</summary>
    private async Task<string> ExportAsync(string name, string[] arguments)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        await using RunningHost host = await RunningHost.StartAsync(
            HostArguments.Parse(["--port", "0", "--data", Path.Combine(directory, ".sitemonitor"), .. arguments], out _)!, static _ => { }, Stop);
        int exitCode = await SiteMonitorCommand.RunAsync(
            Terminals.In(directory, _text),
            ["export", "--out", "export.json"],
            Stop);
        Assert.True(exitCode == ExitCode.Ok, _text.ToString());
        Assert.Empty(host.Sandbox!.Writes);
        return Path.Combine(directory, "export.json");
    }
}
