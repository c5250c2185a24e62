using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>A file that is generated from code and committed, so that people can read it without running anything.</summary>
internal static class CommittedFile
{
    private const string Switch = "UPDATE_DOCS";

    /// <summary>Fails when the file is not what the code says; with the variable set, writes it.</summary>
    public static void ShouldBe(string expected, params string[] path)
    {
        string file = RepositoryRoot.File(path);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, expected);
        }

        string committed = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty;
        Assert.True(
            committed == expected,
            $"{string.Join('/', path)} is not what the code says. Write it anew with: {Switch}=1 dotnet test tests/SiteMonitor.Tests --filter FullyQualifiedName~SiteMonitor.Tests.Documentation");
    }
}
