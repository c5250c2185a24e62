using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SiteMonitor.Cli;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Every build has one version, set in one place, and reports it everywhere.</summary>
public sealed partial class VersionStampTests
{
    private static readonly XElement Properties = XDocument.Parse(RepositoryRoot.Read("Directory.Build.props")).Descendants("PropertyGroup").Single(g => (string?)g.Attribute("Label") == "Version");

    private static string Version => $"{Properties.Element("VersionPrefix")!.Value}-{Properties.Element("VersionSuffix")!.Value}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_Assembly_Of_The_Build_Has_The_Version_And_Its_Commit()
    {
        string[] stamps = [.. new[] { typeof(AppVersion), typeof(Terminal), typeof(ContractJson), typeof(SiteMonitor.LocalHost.Hosting.HostJson) }.Select(t => Stamp(t.Assembly)).Distinct()];

        string stamp = Assert.Single(stamps);
        Assert.StartsWith(Version, stamp, StringComparison.Ordinal);
        if (Path.Exists(RepositoryRoot.File(".git")))
        {
            Assert.Matches(CommitPattern(), stamp[Version.Length..]);
        }
    }

    [Fact]
    public async Task Health_Tells_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HealthReport? health = await app.Http.GetFromJsonAsync("api/health/details", ContractJson.Default.HealthReport, Stop);

        Assert.Equal(Stamp(typeof(AppVersion).Assembly), health!.Version);
    }

    [Fact]
    public async Task The_Command_Line_Tells_It()
    {
        ProcessStartInfo start = new("dotnet", [typeof(Terminal).Assembly.Location, "--version"]) { RedirectStandardOutput = true };

        using Process process = Process.Start(start)!;
        string answer = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        Assert.Equal((0, Stamp(typeof(Terminal).Assembly)), (process.ExitCode, answer.Trim()));
    }

    private static string Stamp(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    [GeneratedRegex(@"^\+[0-9a-f]{40}$")]
    private static partial Regex CommitPattern();
}
