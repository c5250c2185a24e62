using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Integrations.GitHub.Graph;

public sealed class GraphDocumentsTests
{
    /// <summary>On github.com and documented there, but not in the schema that npm has.</summary>
    private static readonly string[] NewerThanTheSchema = ["Issue.assignedActors", "Repository.suggestedActors"];

    [Fact]
    public async Task Every_Document_Fits_GitHubs_Schema()
    {
        SchemaChecker checker = new(await SchemaAsync(), NewerThanTheSchema);
        Assert.All(Documents(), document => Assert.Empty(checker.Check(document)));
        Assert.Equal(NewerThanTheSchema, checker.AcceptedSeen.Order());
    }

    [Fact]
    public async Task The_Documents_For_Older_Servers_Need_No_Exception_But_Suggestions()
    {
        SchemaChecker checker = new(await SchemaAsync());
        Assert.Empty(checker.Check(GraphDocuments.ReadIssue(12, actors: false)));
        Assert.All(AllParts(), parts => Assert.Empty(checker.Check(GraphDocuments.ApplyChange(parts, actors: false))));
    }

    [Theory]
    [InlineData("query Q { viewer { login name nonsense } }", "User has no field nonsense")]
    [InlineData("query Q($n: Int!) { repository(owner: \"a\", name: \"b\") { issueOrPullRequest(number: $n) { ... on Issue { state } ... on PullRequest { state } } } }", "state: fields conflict")]
    [InlineData("query Q($n: String!) { repository(owner: \"a\", name: \"b\") { issue(number: $n) { id } } }", "$n does not fit")]
    [InlineData("query Q { repository(owner: \"a\") { id } }", "needs name")]
    [InlineData("query Q { viewer { ... on Issue { id } } }", "can never be inside")]
    [InlineData("query Q($x: Int) { viewer { login } }", "unused variables: x")]
    public async Task The_Check_Finds_What_GitHub_Would_Refuse(string document, string expected) =>
        Assert.Contains(new SchemaChecker(await SchemaAsync()).Check(document), p => p.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Mutations_Run_In_The_Promised_Order()
    {
        string document = GraphDocuments.ApplyChange((ChangeParts)255, actors: true);
        string[] order =
        [
            "removeAssigneesFromAssignable(", "updateIssue(", "addLabelsToLabelable(", "removeLabelsFromLabelable(", "addComment(", "closeIssue(",
            "addAssigneesToAssignable(",
        ];
        int[] places = [.. order.Select(m => document.IndexOf(m, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void A_Write_Of_Nothing_Is_A_Mistake() => Assert.Throws<ArgumentException>(() => GraphDocuments.ApplyChange(ChangeParts.None, actors: true));

    private static IEnumerable<string> Documents() =>
    [
        GraphDocuments.Viewer, GraphDocuments.FindCopilot, GraphDocuments.ClosingIssues, GraphDocuments.OlderComments,
        GraphDocuments.ReadIssue(0, actors: true), GraphDocuments.ReadIssue(12, actors: true), GraphDocuments.ReadLabels(12), GraphDocuments.CreateLabels(3),
        .. AllParts().Select(parts => GraphDocuments.ApplyChange(parts, actors: true)), GraphDocuments.ApplyChange(ChangeParts.RemoveLabels, actors: true, replacedComments: 2),
        GraphDocuments.ApplyChange(ChangeParts.Unassign | ChangeParts.Body, actors: true, deletedComments: 2),
        GraphDocuments.ApplyChange(ChangeParts.None, actors: true, deletedComments: 1),
        HistoryDocuments.IssuePage, HistoryDocuments.MoreEvents, HistoryDocuments.MoreComments, HistoryDocuments.NewerEdits,
    ];

    private static IEnumerable<ChangeParts> AllParts() => Enumerable.Range(1, 255).Select(i => (ChangeParts)i);

    private static async Task<string> SchemaAsync() =>
        await File.ReadAllTextAsync(await NodeTools.FileAsync("@octokit/graphql-schema", "schema.graphql"), TestContext.Current.CancellationToken);
}
