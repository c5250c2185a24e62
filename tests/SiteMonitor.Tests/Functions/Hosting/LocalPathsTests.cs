using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.Hosting;

/// <summary>A start on a developer's machine, from the output folder.</summary>
public sealed class LocalPathsTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    [Theory]
    [InlineData("FeatureFlags:File", "flags.json")]
    [InlineData("Rollout:Plan", "plans/team.json")]
    [InlineData("Pipeline:CatalogueFile", "../catalogue.json")]
    public void Relative_Paths_Are_Relative_To_The_Root_Of_The_Repository(string setting, string path)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "local.settings.sample.json"), "{}");
        string output = Path.Combine(_directory.Path, "src", "SiteMonitor.Functions", "bin", "Debug", "net10.0");

        Assert.Equal(Path.GetFullPath(path, _directory.Path), Assert.Single(LocalPaths.Resolve(Settings(setting, path), output)).Value);
        Assert.Empty(LocalPaths.Resolve(Settings(setting, Path.GetFullPath(path)), output));
        Assert.Empty(LocalPaths.Resolve(Settings("GitHub:Token", path), output));
    }

    [Fact]
    public void A_Deployed_App_Has_No_Root() =>
        Assert.Empty(LocalPaths.Resolve(Settings("FeatureFlags:File", "flags.json"), Path.Combine(_directory.Path, "wwwroot")));

    [Fact]
    public async Task A_Missing_Flags_File_Is_Created_With_The_Flags_Of_Development_And_An_Existing_One_Is_Kept()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string path = Path.Combine(_directory.Path, "flags.json");
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["FeatureFlags:File"] = path });

        Assert.Null(await MissingFlagsFile.CreateAsync(app.Services, phase: null, stop));
        string created = await File.ReadAllTextAsync(path, stop);
        Assert.Null(await MissingFlagsFile.CreateAsync(app.Services, "full", stop));

        Assert.All(FlagNames.All, flag => Assert.Contains($"\"{flag}\"", created, StringComparison.Ordinal));
        Assert.Equal(created, await File.ReadAllTextAsync(path, stop));
        Assert.False((await app.Services.GetRequiredService<IRoutePolicy>().MayStartAsync(AutomaticTrigger.Webhook, stop)).MayStart);
    }

    /// <summary>A process may be killed at any moment, and a file that exists is never completed.</summary>
    [Fact]
    public async Task A_Missing_Flags_File_Is_Never_Seen_Half_Written()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string path = Path.Combine(_directory.Path, "whole.json");
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["FeatureFlags:File"] = path });

        Task<string?[]> hosts = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => MissingFlagsFile.CreateAsync(app.Services, "full", stop), stop)));
        string seen = string.Empty;
        while (seen.Length == 0)
        {
            seen = File.Exists(path) ? await File.ReadAllTextAsync(path, stop) : string.Empty;
        }

        Assert.All(await hosts, Assert.Null);
        Assert.All(FlagNames.All, flag => Assert.Contains($"\"{flag}\"", seen, StringComparison.Ordinal));
        Assert.Equal(seen, await File.ReadAllTextAsync(path, stop));
        Assert.Empty(Directory.GetFiles(_directory.Path, "*.tmp"));
    }

    public void Dispose() => _directory.Dispose();

    private static IConfiguration Settings(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();
}
