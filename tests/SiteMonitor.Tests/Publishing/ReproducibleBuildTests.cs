using System.Diagnostics;
using System.Security.Cryptography;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Publishing;

/// <summary>The same commit gives the same assemblies, in whatever folder it is built: with <c>dotnet dev.cs test --long</c>.</summary>
public sealed class ReproducibleBuildTests
{
    /// <summary>Their outputs hold all of our assemblies; the embedded host's has the function app's.</summary>
    private static readonly string[] Projects = ["SiteMonitor.LocalHost", "SiteMonitor.Cli"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_Builds_In_Two_Folders_Give_The_Same_Assemblies()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SITEMONITOR_LONG_TESTS") is { Length: > 0 }, "Builds twice: only with --long.");
        Assert.SkipUnless(Path.Exists(RepositoryRoot.File(".git")) && Programs.IsInstalled("git"), "The commit is part of the assemblies.");
        using TestDirectory directory = new();

        SortedDictionary<string, string> first = await BuildAsync(Path.Combine(directory.Path, "a"));
        SortedDictionary<string, string> second = await BuildAsync(Path.Combine(directory.Path, "another folder"));

        Assert.True(first.Count >= 7, string.Join(", ", first.Keys));
        Assert.Equal(first, second);
    }

    /// <summary>Builds a clone as CI does, and returns the hashes of our assemblies by name.</summary>
    private static async Task<SortedDictionary<string, string>> BuildAsync(string folder)
    {
        await RunAsync("git", "clone", "--quiet", RepositoryRoot.Path, folder);
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string project in Projects)
        {
            await RunAsync("dotnet", "build", Path.Combine(folder, "src", project), "-c", "Release", "-nologo", "-tl:off",
                "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false", "-nodeReuse:false");
            string output = Path.Combine(folder, "src", project, "bin", "Release", "net10.0");
            foreach (string file in Directory.GetFiles(output, "*.dll").Where(IsOurs))
            {
                byte[] hash = SHA256.HashData(await File.ReadAllBytesAsync(file, Stop));
                hashes[$"{project}/{Path.GetFileName(file)}"] = Convert.ToHexStringLower(hash);
            }
        }

        return hashes;
    }

    private static bool IsOurs(string file) => Path.GetFileName(file) is var name
        && (name.StartsWith("SiteMonitor.", StringComparison.Ordinal) || name is "sitemonitor.dll" or "DurableTask.Sqlite.dll");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, output);
    }
}
