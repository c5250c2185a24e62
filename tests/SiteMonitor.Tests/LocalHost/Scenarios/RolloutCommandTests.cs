using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Infrastructure;
using Spectre.Console;

namespace SiteMonitor.Tests.LocalHost.Scenarios;

/// <summary>Runs the CLI against the whole application.</summary>
public sealed class RolloutCommandTests : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private ScenarioHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await ScenarioHost.StartAsync(_directory.Path, RepositoryRoot.Path, "soft-launch", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_Operator_Sees_Where_It_Stands_Is_Refused_Rolls_Back_And_Resumes()
    {
        (int exit, string text) = await RunAsync("rollout", "status");
        Assert.Equal(0, exit);
        Assert.StartsWith("soft-launch (Soft launch (beta)) since", text, StringComparison.Ordinal);
        Assert.Contains("Gate: 0 of 8 met", text, StringComparison.Ordinal);
        Assert.True(text.Count(c => c == '\n') <= 40, $"More than a screen:\n{text}");
        Assert.Contains("Next:", text.Split('\n')[^2], StringComparison.Ordinal);

        Assert.Contains("The rollout began at", (await RunAsync("rollout", "announce", "--yes")).Text, StringComparison.Ordinal);
        (exit, text) = await RunAsync("rollout", "advance", "--yes");
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("The gate of 'soft-launch' is not met", text, StringComparison.Ordinal);

        (exit, text) = await RunAsync("rollout", "rollback", "--reason", "smoke", "--dry-run");
        Assert.Equal(0, exit);
        Assert.Contains("UnifiedPipeline: label beta-test → off", text, StringComparison.Ordinal);
        Assert.Contains(
            "Rolled back", (
                await RunAsync("rollout", "rollback", "--reason", "smoke", "--yes")).Text + (
                    await RunAsync("rollout", "status")).Text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("incidents", "acknowledge", "INC-1", "--yes")).Exit);
        Assert.Equal(0, (await RunAsync("rollout", "resume", "--reason", "mended", "--yes")).Exit);
        Assert.Contains(
            "# Post-mortem INC-1", (
                await RunAsync("incidents", "resolve", "INC-1", "--reason", "a cable", "--yes")).Text, StringComparison.Ordinal);
        Assert.Contains("ada: rollback", (await RunAsync("rollout", "history")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beta_Issues_Are_Opened_Once_And_A_Sample_Compares_Without_Writing()
    {
        string opened = (await RunAsync("rollout", "beta-issues", "--yes")).Text;
        Assert.Contains("5 test issues", opened, StringComparison.Ordinal);
        Assert.Equal(5, opened.Split("process-pipeline --repo ").Length - 1);
        Assert.Contains($"{SeedCatalogue.Repository} --issue 1\n", opened, StringComparison.Ordinal);
        AuditEntry audited = Assert.Single(await _host.HistoryAsync(TestContext.Current.CancellationToken), e => e.What == "beta-issues");
        Assert.Equal("ada", audited.Who);
        Assert.Contains("#5", audited.After, StringComparison.Ordinal);
        Assert.Contains("All test issues exist", (await RunAsync("rollout", "beta-issues", "--yes")).Text, StringComparison.Ordinal);
        Assert.Equal(5, _host.GitHub.Issues().Count);
        int writes = _host.GitHub.Writes.Count;

        (_, string text) = await RunAsync("compare", "--sample", "5");

        Assert.True(text.Contains("Consistency:", StringComparison.Ordinal), text);
        Assert.Equal(writes, _host.GitHub.Writes.Count);
        Assert.StartsWith("# Comparison", (await RunAsync("compare", "--format", "md")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Plan_Is_Shown_Checked_And_Turned_Into_Flags()
    {
        string plan = (await RunAsync("rollout", "plan", "show")).Text;
        string file = Path.Combine(_directory.Path, "plan.json");
        await File.WriteAllTextAsync(file, plan, TestContext.Current.CancellationToken);
        Assert.Contains(
            "The plan is valid: development → ", (await RunAsync("rollout", "plan", "validate", file)).Text, StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            file, plan.Replace(
                "\"percentage\": 20", "\"percentage\": 200", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (int exit, string text) = await RunAsync("rollout", "plan", "validate", file);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("phases[2].flags.unifiedPipeline.percentage: 200 is not within 0 to 100.", text, StringComparison.Ordinal);
        Assert.Contains("\"feature_flags\"", (await RunAsync("rollout", "plan", "flags", "half")).Text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("rollout", "plan", "flags", "moon")).Exit);
    }

    [Fact]
    public async Task Without_Anybody_To_Ask_A_Change_Needs_Yes()
    {
        (int exit, string text) = await RunAsync("rollout", "freeze", "--reason", "holidays");

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("--yes", text, StringComparison.Ordinal);
        Assert.Null((await _host.StatusAsync(TestContext.Current.CancellationToken)).Frozen);
    }

    private async Task<(int Exit, string Text)> RunAsync(params string[] arguments)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 400;
        (Uri url, string key) = _host.Endpoint;
        var terminal = new Terminal
        {
            Out = console,
            Error = console,
            Environment = name =>
                name switch { "SITEMONITOR_URL" => url.ToString(), "SITEMONITOR_KEY" => key, "SITEMONITOR_OPERATOR" => "ada", _ => null },
            WorkingDirectory = _directory.Path,
            Http = static () => new SocketsHttpHandler(),
        };
        int exit = await SiteMonitorCommand.RunAsync(terminal, arguments, TestContext.Current.CancellationToken);
        return (exit, text.ToString());
    }
}
