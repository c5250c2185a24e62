using Microsoft.Extensions.DependencyInjection;
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

    public void Dispose() => _directory.Dispose();

    private Task<RunningHost> StartAsync(params string[] arguments) => StartOnAsync(0, "data", arguments);

    private Task<RunningHost> StartOnAsync(int port, string data, params string[] arguments) => RunningHost.StartAsync(
        HostArguments.Parse(
            ["--port", $"{port}", "--data", Path.Combine(_directory.Path, data), .. arguments], out _)!, static _ => { }, Cancelled);
}
