using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Architecture;

public sealed class FolderDependencyTests
{
    [Fact]
    public void Sibling_Folders_Of_The_Sources_Do_Not_Depend_On_Each_Other_In_A_Circle()
    {
        string root = RepositoryRoot.File("src");

        string[] cycles = [.. FolderDependencies.ParseFolder(root).FindCycles()];

        Assert.True(cycles.Length == 0, string.Join(Environment.NewLine, cycles));
    }

    [Fact]
    public void FindCycles_OfFoldersThatUseEachOther_NamesThem()
    {
        FolderDependencies dependencies = FolderDependencies.Parse(new Dictionary<string, string>
        {
            ["P/A/One.cs"] = "namespace P.A; using P.B; public class One { Two? _two; }",
            ["P/B/Deep/Two.cs"] = "namespace P.B; using P.C; public class Two { void M() => 1.Three(); }",
            ["P/C/Three.cs"] = "namespace P.C; using P.A; public static class Three { public static void Three(this int i) { } /* One */ static One? s_one; }",
            ["P/D/Four.cs"] = "namespace P.D; using P.A; public class Four { One? _one; string s = \"One\"; }",
        });

        string cycle = Assert.Single(dependencies.FindCycles());

        Assert.StartsWith("P: A, B, C depend on each other in a circle", cycle, StringComparison.Ordinal);
        Assert.Contains("B -> C: P/B/Deep/Two.cs uses Three", cycle, StringComparison.Ordinal);
    }

    [Fact]
    public void FindCycles_OfATree_FindsNone()
    {
        FolderDependencies dependencies = FolderDependencies.Parse(new Dictionary<string, string>
        {
            ["P/A/One.cs"] = "namespace P.A; using P.B; public class One { Two? _two; }",
            ["P/B/Two.cs"] = "namespace P.B; /// <see cref=\"One\"/>\npublic class Two { string One => \"One\"; }",
            ["P/Root.cs"] = "namespace P; using P.A; using P.B; public class Root { One? _one; Two? _two; }",
        });

        Assert.Empty(dependencies.FindCycles());
    }
}
