using DurableTask.Sqlite.Hosting;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static DurableTask.Core.Settings.VersioningSettings;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class VersionTests
{
    [Fact]
    public async Task An_Instance_Gets_The_Default_Version_Or_The_One_Of_Its_Start()
    {
        await using TestHub hub = await Engine(VersionMatchStrategy.None).StartAsync();
        Assert.Equal("2.0", (await hub.RunAsync("Version")).ReadOutputAs<string>());
        await hub.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = "1.5" });
        Assert.Equal("1.5", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(VersionMatchStrategy.Strict, "1.0")]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "3.0")]
    public async Task One_That_Does_Not_Match_Fails_When_So_Set(VersionMatchStrategy strategy, string version)
    {
        await using TestHub hub = await Engine(strategy, VersionFailureStrategy.Fail).StartAsync();
        await hub.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = version });
        Assert.Equal("VersionMismatch: Orchestration version did not comply with Worker Versioning",
            (await hub.EndAsync("a")).SerializedOutput);
    }

    [Theory]
    [InlineData(VersionMatchStrategy.Strict, "2.0")]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9")]
    [InlineData(VersionMatchStrategy.None, "9.0")]
    public async Task One_That_Matches_Runs(VersionMatchStrategy strategy, string version)
    {
        await using TestHub hub = await Engine(strategy, VersionFailureStrategy.Fail).StartAsync();
        await hub.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = version });
        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task One_That_Is_Rejected_Waits_For_A_Matching_Host_With_All_It_Was_Sent()
    {
        await using TestHub hub = await Engine(VersionMatchStrategy.Strict, "3.0").StartAsync();
        await hub.BeginAsync("Wait", null, new StartOrchestrationOptions("a"));
        await hub.IdleAsync();
        await hub.StopAsync();
        hub.Configure = Settings(VersionMatchStrategy.Strict, VersionFailureStrategy.Reject, "2.0");
        await hub.StartAsync();
        await hub.RaiseAsync("a", "Go", "while parked");
        await hub.IdleAsync();
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);
        await hub.StopAsync();

        hub.Configure = Settings(VersionMatchStrategy.Strict, VersionFailureStrategy.Reject, "3.0");
        await hub.StartAsync();

        Assert.Equal("while parked", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task One_That_Is_Rejected_Can_Be_Terminated()
    {
        await using TestHub hub = await Engine(VersionMatchStrategy.Strict).StartAsync();
        await hub.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = "1.0" });
        await hub.IdleAsync();
        Assert.Equal(Pending, (await hub.GetAsync("a")).RuntimeStatus);
        await hub.TerminateAsync("a");
        Assert.Equal(Terminated, (await hub.EndAsync("a")).RuntimeStatus);
    }

    private static TestHub Engine(VersionMatchStrategy match, VersionFailureStrategy failure = VersionFailureStrategy.Reject) =>
        Functions(Settings(match, failure, "2.0"));

    private static TestHub Engine(VersionMatchStrategy match, string version) =>
        Functions(Settings(match, VersionFailureStrategy.Reject, version));

    private static TestHub Functions(Action<EmbeddedTaskHubOptions> settings) => new TestHub { Configure = settings }
        .Orchestrator("Version", context => Task.FromResult(context.Version))
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"));

    private static Action<EmbeddedTaskHubOptions> Settings(VersionMatchStrategy match, VersionFailureStrategy failure, string version) =>
        options => (options.VersionMatchStrategy, options.VersionFailureStrategy, options.DefaultVersion) = (match, failure, version);
}
