using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Publishing;

/// <summary>
/// The same commit gives the same code, in whatever folder it is built: with <c>dotnet dev.cs test --long</c>. Left out are the ids that are
/// computed from the debug information: the source generator for logging writes its classes in no fixed order.
/// </summary>
public sealed class ReproducibleBuildTests
{
    /// <summary>Their outputs hold all of our assemblies; the embedded host's has the function app's.</summary>
    private static readonly string[] Projects = ["SiteMonitor.LocalHost", "SiteMonitor.Cli"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_Builds_In_Two_Folders_Give_The_Same_Code()
    {
        Assert.SkipUnless(LongTests.IsEnabled, "Builds twice: only with --long.");
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
                hashes[$"{project}/{Path.GetFileName(file)}"] = HashWithoutIds(await File.ReadAllBytesAsync(file, Stop));
            }
        }

        return hashes;
    }

    /// <summary>Hashes an assembly without its time stamp, its module's id and its references to the debug information.</summary>
    private static string HashWithoutIds(byte[] assembly)
    {
        using PEReader pe = new(new MemoryStream([.. assembly]));
        MetadataReader metadata = pe.GetMetadataReader();
        int mvid = (metadata.GetHeapOffset(metadata.GetModuleDefinition().Mvid) - 1) * 16;
        assembly.AsSpan(pe.PEHeaders.CoffHeaderStartOffset + 4, 4).Clear();
        assembly.AsSpan(pe.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Guid) + mvid, 16).Clear();
        pe.PEHeaders.TryGetDirectoryOffset(pe.PEHeaders.PEHeader!.DebugTableDirectory, out int directory);
        assembly.AsSpan(directory, pe.PEHeaders.PEHeader.DebugTableDirectory.Size).Clear();
        foreach (DebugDirectoryEntry entry in pe.ReadDebugDirectory())
        {
            assembly.AsSpan(entry.DataPointer, entry.DataSize).Clear();
        }

        return Convert.ToHexStringLower(SHA256.HashData(assembly));
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
