using System.Text.RegularExpressions;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Commands in the documents are ones that there are, and links lead somewhere.</summary>
public sealed partial class DocumentedCommandTests
{
    /// <summary>What builds and tests the repository itself: each build of ours, or a test of its own (publishing), gives these.</summary>
    private static readonly string[] RepositoryCommands = ["dotnet dev.cs", "dotnet build", "dotnet msbuild", "dotnet publish"];

    /// <summary>What prepares the next line of a block, and the Azure Functions Core Tools, which a test cannot count on.</summary>
    private static readonly string[] ShellCommands = ["export ", "cp ", "cd ", "dotnet run", "func start"];

    public static TheoryData<string> Names => [.. DocumentedCommands.Documents];

    /// <summary>Requests to the sandbox, which <see cref="RehearsalTests"/> sends.</summary>
    private const string SandboxRequests = "curl $SANDBOX/";

    /// <summary>Those for our own command line are given to it by <see cref="DocumentedCommandRunTests"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_Command_Is_Run_By_A_Test_Or_Marked_As_Needing_Azure(string document) => Assert.Empty(
        DocumentedCommands.Of(document)
            .Where(c => !c.NeedsAzure && c.Arguments is null && !RepositoryCommands.Concat(ShellCommands).Append(SandboxRequests).Any(p => c.Text.StartsWith(p, StringComparison.Ordinal)))
            .Select(c => $"{c}: neither run by a test nor marked '{DocumentedCommands.Mark}'."));

    [Fact]
    public void What_Needs_Azure_Is_Marked_And_What_Does_Not_Is_Found()
    {
        Assert.Contains(DocumentedCommands.Of("docs/runbook.md"), c => c is { Text: "azd up", NeedsAzure: true });
        Assert.Contains(DocumentedCommands.Of("docs/runbook.md"), c => c.Arguments?.StartsWith("rollout rollback", StringComparison.Ordinal) == true);
        Assert.Contains(DocumentedCommands.Of("README.md"), c => c.Arguments == "status --issue 5");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_Criterion_To_Confirm_Is_One_Of_The_Plan(string document)
    {
        string[] known = ["<criterion>", .. PlanParseResult.Default.Phases.SelectMany(p => p.Gate).Select(c => c.Id)];

        Assert.Empty(DocumentedCommands.Of(document)
            .Select(c => ConfirmPattern().Match(c.Text)).Where(m => m.Success).Select(m => m.Groups[1].Value).Except(known));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_Verb_Of_Dev_Cs_Is_One_It_Has(string document)
    {
        string[] verbs = [.. VerbPattern().Matches(RepositoryRoot.Read("dev.cs")).Select(m => m.Groups[1].Value)];
        Assert.Empty(DevPattern().Matches(RepositoryRoot.Read(document)).Select(m => m.Groups[1].Value).Except(verbs));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_Link_To_A_File_Leads_To_One(string document)
    {
        string folder = Path.GetDirectoryName(RepositoryRoot.File(document))!;
        foreach (string target in LinkPattern().Matches(RepositoryRoot.Read(document)).Select(m => m.Groups[1].Value.Split('#')[0]).Where(t => t.Length > 0 && !t.Contains(':', StringComparison.Ordinal)))
        {
            Assert.True(Path.Exists(Path.Combine(folder, target)), $"{document} links to {target}, which is not there.");
        }
    }

    [GeneratedRegex(@"rollout (?:confirm|withdraw) (\S+)")]
    private static partial Regex ConfirmPattern();

    [GeneratedRegex(@"dotnet dev\.cs ([a-z]+)")]
    private static partial Regex DevPattern();

    [GeneratedRegex("^    \"([a-z]+)\"", RegexOptions.Multiline)]
    private static partial Regex VerbPattern();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
