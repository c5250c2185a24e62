using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Durable;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class VersionTests
{
    [Fact]
    public async Task An_Instance_Gets_The_Default_Version_Or_The_One_Of_Its_Start()
    {
        await using TestEngine engine = await Engine(VersionMatchStrategy.None).StartAsync();
        Assert.Equal("2.0", (await engine.RunAsync("Version")).ReadOutputAs<string>());
        await engine.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = "1.5" });
        Assert.Equal("1.5", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(VersionMatchStrategy.Strict, "1.0", "The orchestration version '1.0' does not match the worker version '2.0'.")]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "3.0", "The orchestration version '3.0' is greater than the worker version '2.0'.")]
    public async Task One_That_Does_Not_Match_Fails_When_So_Set(VersionMatchStrategy strategy, string version, string message)
    {
        await using TestEngine engine = await Engine(strategy, VersionFailureStrategy.Fail).StartAsync();
        await engine.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = version });
        Assert.Equal($"VersionMismatch: {message}", (await engine.EndAsync("a")).SerializedOutput);
    }

    [Theory]
    [InlineData(VersionMatchStrategy.Strict, "2.0")]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9")]
    [InlineData(VersionMatchStrategy.None, "9.0")]
    public async Task One_That_Matches_Runs(VersionMatchStrategy strategy, string version)
    {
        await using TestEngine engine = await Engine(strategy, VersionFailureStrategy.Fail).StartAsync();
        await engine.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = version });
        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task One_That_Is_Rejected_Waits_For_A_Matching_Host_With_All_It_Was_Sent()
    {
        await using TestEngine engine = await Engine(VersionMatchStrategy.Strict, "3.0").StartAsync();
        await engine.BeginAsync("Wait", null, new StartOrchestrationOptions("a"));
        await engine.IdleAsync();
        await engine.StopAsync();
        engine.Configure = Settings(VersionMatchStrategy.Strict, VersionFailureStrategy.Reject, "2.0");
        await engine.StartAsync();
        await engine.RaiseAsync("a", "Go", "while parked");
        await engine.IdleAsync();
        Assert.Equal(Running, (await engine.GetAsync("a")).RuntimeStatus);
        await engine.StopAsync();

        engine.Configure = Settings(VersionMatchStrategy.Strict, VersionFailureStrategy.Reject, "3.0");
        await engine.StartAsync();

        Assert.Equal("while parked", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task One_That_Is_Rejected_Can_Be_Terminated()
    {
        await using TestEngine engine = await Engine(VersionMatchStrategy.Strict).StartAsync();
        await engine.BeginAsync("Version", null, new StartOrchestrationOptions("a") { Version = "1.0" });
        await engine.IdleAsync();
        Assert.Equal(Pending, (await engine.GetAsync("a")).RuntimeStatus);
        await engine.TerminateAsync("a");
        Assert.Equal(Terminated, (await engine.EndAsync("a")).RuntimeStatus);
    }

    private static TestEngine Engine(VersionMatchStrategy match, VersionFailureStrategy failure = VersionFailureStrategy.Reject) => Functions(Settings(match, failure, "2.0"));

    private static TestEngine Engine(VersionMatchStrategy match, string version) => Functions(Settings(match, VersionFailureStrategy.Reject, version));

    private static TestEngine Functions(Action<DurableEngineOptions> settings) => new TestEngine { Configure = settings }
        .Orchestrator("Version", context => Task.FromResult(context.Version))
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"));

    private static Action<DurableEngineOptions> Settings(VersionMatchStrategy match, VersionFailureStrategy failure, string version) =>
        options => (options.VersionMatchStrategy, options.VersionFailureStrategy, options.DefaultVersion) = (match, failure, version);
}
