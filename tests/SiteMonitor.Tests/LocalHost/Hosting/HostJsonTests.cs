using SiteMonitor.LocalHost.Hosting;
using static DurableTask.Core.Settings.VersioningSettings;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class HostJsonTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    [Fact]
    public void Prefix_Concurrency_And_Log_Levels_Are_Read()
    {
        HostJson json = HostJson.Read(_directory.Write("host.json", """
            {
              "logging": { "logLevel": { "default": "Warning", "SiteMonitor": "Debug" } },
              "extensions": {
                "http": { "routePrefix": "" },
                "durableTask": { "maxConcurrentActivityFunctions": 3, "maxConcurrentOrchestratorFunctions": 4 }
              }
            }
            """));

        Assert.Equal((string.Empty, 3, 4), (json.RoutePrefix, json.MaxConcurrentActivities, json.MaxConcurrentOrchestrators));
        Assert.Equal("Debug", json.LogLevels["SiteMonitor"]);
    }

    [Fact]
    public void Versions_Are_Read()
    {
        HostJson json = HostJson.Read(_directory.Write("host.json", """
            { "extensions": { "durableTask": { "defaultVersion": "2.1", "versionMatchStrategy": "CurrentOrOlder", "versionFailureStrategy": "fail" } } }
            """));

        Assert.Equal(
            ("2.1", VersionMatchStrategy.CurrentOrOlder, VersionFailureStrategy.Fail),
            (json.DefaultVersion, json.VersionMatchStrategy, json.VersionFailureStrategy));
    }

    [Fact]
    public void Without_A_File_The_Functions_Hosts_Defaults_Hold()
    {
        HostJson json = HostJson.Read(Path.Combine(_directory.Path, "host.json"));

        Assert.Equal("api", json.RoutePrefix);
        Assert.Equal(10 * Environment.ProcessorCount, json.MaxConcurrentActivities);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "extensions.durableTask.maxConcurrentActivityFunctions is '0'")]
    [InlineData("""{ "extensions": { "durableTask": { "versionMatchStrategy": "Newest" } } }""", "versionMatchStrategy is 'Newest'; write None, Strict, CurrentOrOlder")]
    public void A_Wrong_File_Is_Refused_By_Name(string content, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<StartupException>(
                () => HostJson.Read(_directory.Write("host.json", content))).Message, StringComparison.Ordinal);

    public void Dispose() => _directory.Dispose();
}
