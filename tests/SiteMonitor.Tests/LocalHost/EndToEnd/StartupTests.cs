using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Configuration;
using SiteMonitor.Core.Rollout.State;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Checks that all problems of a start are listed by name, with what to do.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_Settings_Are_All_Named_At_Once()
    {
        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--repo", "o/r", "--set", "GitHub:Token=t"));

        Assert.Contains(e.Problems, p => p.StartsWith("GitHub:WebhookSecret", StringComparison.Ordinal));
        Assert.Contains(e.Problems, p => p.StartsWith("AzureOpenAI:Endpoint", StringComparison.Ordinal));
        Assert.Contains(e.Problems, p => p.StartsWith("AzureOpenAI:Deployment", StringComparison.Ordinal));
        Assert.DoesNotContain(e.Problems, p => p.Contains("=t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Port_In_Use_Is_Told_With_Its_Number()
    {
        await using RunningHost first = await StartAsync();

        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartOnAsync(first.Url.Port, "other"));

        Assert.Contains($"Port {first.Url.Port} is in use.", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Host_Does_Not_Watch_Files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The open files of a process are listed in /proc.");
        using HostProcess host = HostProcess.Start("--port", "0", "--data", Path.Combine(_directory.Path, "data"));
        await host.Listening.WaitAsync(TimeSpan.FromMinutes(4), Cancelled);

        string?[] open = [.. Directory.GetFileSystemEntries($"/proc/{host.Id}/fd").Select(file => new FileInfo(file).LinkTarget)];

        Assert.Contains(open, target => target?.EndsWith("durable.db", StringComparison.Ordinal) is true);
        Assert.DoesNotContain("anon_inode:inotify", open);
    }

    [Fact]
    public async Task A_Failed_Start_Leaves_Nothing_Behind_That_Bars_The_Next()
    {
        await Assert.ThrowsAsync<StartupException>(() => StartAsync("--repo", "o/r"));

        await using RunningHost host = await StartAsync();

        Assert.NotNull(host.Sandbox);
    }

    [Fact]
    public async Task With_The_Real_GitHub_The_Flags_Begin_In_The_Rollouts_First_Phase()
    {
        await using RunningHost host = await StartAsync(
            "--repo", "o/r",
            "--set", "GitHub:Token=t",
            "--set", "GitHub:WebhookSecret=a-secret-of-some-length",
            "--set", "GitHub:ApiBaseUrl=http://127.0.0.1:9/",
            "--set", "AzureOpenAI:Endpoint=http://127.0.0.1:9/",
            "--set", "AzureOpenAI:Deployment=d",
            "--set", "AzureOpenAI:ApiKey=k");

        Assert.Null(host.Sandbox);
        Assert.Contains(
            "\"UnifiedPipeline\"", await File.ReadAllTextAsync(
                Path.Combine(_directory.Path, "data", "flags.json"), Cancelled), StringComparison.Ordinal);
        Assert.False((await host.Services.GetRequiredService<IRoutePolicy>().MayStartAsync(AutomaticTrigger.Webhook, Cancelled)).MayStart);
    }

    [Fact]
    public async Task A_Broken_Host_Json_Is_Told_By_Name()
    {
        string root = Directory.CreateDirectory(Path.Combine(_directory.Path, "root")).FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "host.json"), "{ broken", Cancelled);

        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--root", root));

        Assert.Contains("host.json", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys.json")]
    [InlineData("running.json")]
    [InlineData("host.lock")]
    [InlineData("sandbox/sandbox.db")]
    [InlineData("sandbox/durable.db")]
    [InlineData("sandbox/flags.json")]
    public async Task A_Directory_In_The_Place_Of_A_File_Is_Told_By_Name_And_Once_Gone_The_Host_Starts(string file)
    {
        string path = Path.Combine(_directory.Path, "data", file);
        await InterruptAsync();
        File.Delete(path);
        Directory.CreateDirectory(path);

        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync());

        Assert.Contains(file is "host.lock" ? "host" : Path.GetFileName(file), e.Problems.Single(), StringComparison.Ordinal);
        Directory.Delete(path);
        await using RunningHost host = await StartAsync();
        Assert.NotNull(host.Sandbox);
    }

    [Theory]
    [InlineData("sandbox/sandbox.db")]
    [InlineData("sandbox/durable.db")]
    [InlineData("sandbox/state.db")]
    public async Task A_File_That_Is_No_Database_Is_Told_With_What_To_Do(string file)
    {
        await InterruptAsync();
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "data", file), new string('x', 5000), Cancelled);

        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync());

        Assert.Contains("--fresh starts over", e.Problems.Single(), StringComparison.Ordinal);

        // Connections of this process; a user starts another one.
        SqliteConnection.ClearAllPools();
        await using RunningHost host = await StartAsync("--fresh");
        Assert.NotNull(host.Sandbox);
    }

    [Fact]
    public async Task An_Address_Of_Another_Machine_Is_Told_By_Name()
    {
        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--listen", "203.0.113.7"));

        Assert.Contains("cannot listen on 203.0.113.7", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GitHub:Tokne", "GitHub:Token")]
    [InlineData("AzureOpenAI:EndPiont", "AzureOpenAI:Endpoint")]
    [InlineData("Github__WebhookSecert", "GitHub:WebhookSecret")]
    [InlineData("FeatureFlag:File", "FeatureFlags:File")]
    public async Task A_Misspelt_Setting_Is_Refused_With_The_Nearest_Name(string given, string nearest)
    {
        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--set", $"{given}=x"));

        Assert.Contains($"Did you mean '{nearest}'?", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GitHub:Repositories:0")]
    [InlineData("AzureWebJobs.FourHourlyBatch.Disabled")]
    [InlineData("GitHub:Limits:TimeScale")]
    public void Every_Kind_Of_Setting_Is_Known(string name) => Assert.Empty(KnownSettings.FindProblems([name]));

    [Fact]
    public async Task An_Unknown_Phase_Is_Refused_With_The_Phases_There_Are()
    {
        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--phase", "moon"));

        Assert.Contains("the plan has no phase 'moon'", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Phase_Is_For_The_Sandbox_Only()
    {
        StartupException e = await Assert.ThrowsAsync<StartupException>(() => StartAsync("--repo", "o/r", "--phase", "half"));

        Assert.Contains("--phase is for the sandbox only", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Sandbox_Begins_In_The_Requested_Phase_And_Given_Settings_Win()
    {
        await using RunningHost host = await StartAsync("--phase", "development", "--set", "GitHub:WriteInterval=00:00:07");

        Assert.Equal("development", await host.Services.GetRequiredService<ICurrentPhase>().GetNameAsync(Cancelled));
        Assert.False((await host.Services.GetRequiredService<IRoutePolicy>().MayStartAsync(AutomaticTrigger.Webhook, Cancelled)).MayStart);
        Assert.Equal("00:00:07", host.Services.GetRequiredService<IConfiguration>()["GitHub:WriteInterval"]);
    }

    [Fact]
    public async Task A_Broken_Flags_File_Is_Logged_At_The_Start()
    {
        string data = Directory.CreateDirectory(Path.Combine(_directory.Path, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "broken.json"), "{ broken", Cancelled);
        using StringWriter text = new();
        HostArguments arguments = HostArguments.Parse(
            ["--port", "0", "--data", data, "--set", $"FeatureFlags:File={Path.Combine(data, "broken.json")}"], out _)!;

        await using RunningHost host = await RunningHost.StartAsync(
            arguments,
            services => services.AddSingleton<ILoggerProvider>(
                new ConsoleLoggerProvider(Consoles.Plain(text), TimeProvider.System, new HostStage())),
            Cancelled);

        Assert.Contains("The feature flags cannot be read (file ", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("broken.json", text.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Leaves the files of a sandbox run that the next start continues.</summary>
    private async Task InterruptAsync()
    {
        await (await StartAsync()).DisposeAsync();
        SqliteConnection.ClearAllPools();
        string session = Path.Combine(_directory.Path, "data", "sandbox", "session.json");
        await File.WriteAllTextAsync(
            session, (await File.ReadAllTextAsync(session, Cancelled)).Replace("\"finished\":true", "\"finished\":false", StringComparison.Ordinal), Cancelled);
    }

    private Task<RunningHost> StartAsync(params string[] arguments) => StartOnAsync(0, "data", arguments);

    private Task<RunningHost> StartOnAsync(int port, string data, params string[] arguments) => RunningHost.StartAsync(
        HostArguments.Parse(
            ["--port", $"{port}", "--data", Path.Combine(_directory.Path, data), .. arguments], out _)!, static _ => { }, Cancelled);
}
