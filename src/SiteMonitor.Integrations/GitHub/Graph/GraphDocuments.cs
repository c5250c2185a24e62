using System.Globalization;
using System.Text;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>
/// Every GraphQL document that is sent, put together from constants only; values travel as variables.
/// A test checks them against GitHub's published schema, which lacks <c>assignedActors</c> and <c>suggestedActors</c>.
/// </summary>
internal static class GraphDocuments
{
    /// <summary>Body edits asked for with a write's answer: enough to see everybody who wrote between our read and our write.</summary>
    public const int EditCount = 10;

    /// <summary>The beginning of the aliases and variables of comments that are replaced beside a write.</summary>
    public const string ReplacedCommentAlias = "settle";

    public const string Viewer = "query Viewer { viewer { login } }";

    public const string FindCopilot = """
        query FindCopilot($owner: String!, $name: String!) {
          viewer { login }
          repository(owner: $owner, name: $name) {
            suggestedActors(capabilities: [CAN_BE_ASSIGNED], first: 100) {
              nodes { __typename login ... on Bot { id } }
            }
          }
        }
        """;

    public const string FindRepository = """
        query FindRepository($owner: String!, $name: String!) {
          repository(owner: $owner, name: $name) { id nameWithOwner }
        }
        """;

    public const string ClosingIssues = """
        query ClosingIssues($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name) {
            pullRequest(number: $number) {
              closingIssuesReferences(first: 100) { nodes { number repository { nameWithOwner } } }
            }
          }
        }
        """;

    public const string AssignCopilot = $$"""
        mutation AssignCopilot($input: AddAssigneesToAssignableInput!) {
          addAssigneesToAssignable(input: $input) {
            assignable { __typename ... on Issue { {{Labels}} {{Actors}} } }
          }
        }
        """;

    private const string Labels = "labels(first: 100) { nodes { id name } }";

    /// <summary>Shows bots too. GitHub Enterprise Server may not know it yet.</summary>
    private const string Actors =
        "assignedActors(first: 20) { nodes { __typename ... on User { login } ... on Bot { login } } }";

    private const string Users = "assignees(first: 20) { nodes { __typename login } }";

    private const string IssueFields =
        $"id number title body closed stateReason(enableDuplicate: true) createdAt updatedAt author {{ __typename login }} {Labels}";

    /// <summary>
    /// The issue, and with <paramref name="labelCount"/> &gt; 0 the ids of that many labels, named by <c>$l0</c>, <c>$l1</c> …
    /// </summary>
    /// <param name="actors">Whether the server knows <c>assignedActors</c>.</param>
    public static string ReadIssue(int labelCount, bool actors) => $$"""
        query ReadIssue($owner: String!, $name: String!, $number: Int!{{Each(labelCount, i => $", $l{i}: String!")}}) {
          viewer { login }
          repository(owner: $owner, name: $name) {
            id nameWithOwner isArchived hasIssuesEnabled
            {{RepositoryLabels(labelCount)}}
            issueOrPullRequest(number: $number) {
              __typename
              ... on Issue {
                {{IssueFields}}
                repository { nameWithOwner }
                {{(actors ? Actors : Users)}}
                comments(last: 100) {{OwnComments}}
                closedByPullRequestsReferences(first: 10, includeClosedPrs: true) { nodes { merged } }
                {{Edits}}
              }
              ... on PullRequest { id number title closed createdAt updatedAt {{Labels}} }
            }
          }
        }
        """;

    /// <summary>The 100 comments before those of a page.</summary>
    public const string OlderComments = $$"""
        query OlderComments($id: ID!, $before: String!) {
          node(id: $id) { ... on Issue { comments(last: 100, before: $before) {{OwnComments}} } }
        }
        """;

    /// <summary>Comments of ours that the ledger knows.</summary>
    public const string KnownComments = $$"""
        query KnownComments($ids: [ID!]!) {
          nodes(ids: $ids) { ... on IssueComment { {{Comment}} } }
        }
        """;

    private const string Comment = "id body createdAt viewerDidAuthor";

    private const string OwnComments = $"{{ pageInfo {{ hasPreviousPage startCursor }} nodes {{ {Comment} }} }}";

    public static string ReadLabels(int labelCount) => $$"""
        query ReadLabels($owner: String!, $name: String!{{Each(labelCount, i => $", $l{i}: String!")}}) {
          viewer { login }
          repository(owner: $owner, name: $name) { id {{RepositoryLabels(labelCount)}} }
        }
        """;

    public static string CreateLabels(int count) => $$"""
        mutation CreateLabels({{Each(count, i => $"$l{i}: CreateLabelInput! ")}}) {
          {{Each(count, i => $"l{i}: createLabel(input: $l{i}) {{ label {{ id name }} }} ")}}
        }
        """;

    /// <summary>The mutations of one write, in order; the last answer shows the issue after all of them.</summary>
    /// <param name="replacedComments">How many older comments are replaced before, by the variables <c>$settle0</c>, <c>$settle1</c>
    /// …</param>
    /// <exception cref="ArgumentException">There is nothing to write.</exception>
    public static string ApplyChange(ChangeParts parts, bool actors, int replacedComments = 0)
    {
        List<Mutation> mutations = [.. Mutation.All.Where(m => parts.HasFlag(m.Part))];
        if (mutations.Count == 0)
        {
            throw new ArgumentException("A write needs at least one part.", nameof(parts));
        }

        StringBuilder document = new("mutation ApplyChange(");
        document.Append(Each(replacedComments, i => $"${ReplacedCommentAlias}{i}: UpdateIssueCommentInput! "));
        document.AppendJoin(", ", mutations.Select(m => $"${m.Alias}: {m.InputType}!")).Append(") {\n");
        document.Append(Each(
            replacedComments,
            i => $"  {ReplacedCommentAlias}{i}: updateIssueComment(input: ${ReplacedCommentAlias}{i}) {{ issueComment {{ id }} }}\n"));

        // Where GitHub refuses an optional part, the last other one shows the issue.
        Mutation last = mutations[^1];
        Mutation? lastRequired = mutations.LastOrDefault(m => !m.IsOptional);
        foreach (Mutation mutation in mutations)
        {
            string selection = mutation.Selection(mutation == last || mutation == lastRequired ? "...IssueAfter" : "id");
            document.Append(CultureInfo.InvariantCulture,
                $"  {mutation.Alias}: {mutation.Field}(input: ${mutation.Alias}) {{ {selection} }}\n");
        }

        return document.Append("}\n").Append(IssueAfter(actors)).ToString();
    }

    private static string IssueAfter(bool actors) => $$"""
        fragment IssueAfter on Issue {
          {{IssueFields}}
          {{(actors ? Actors : Users)}}
          {{Edits}}
        }
        """;

    private static string Edits { get; } =
        string.Create(CultureInfo.InvariantCulture, $"userContentEdits(first: {EditCount}) {{ nodes {{ editedAt deletedAt diff editor {{ " +
            $"__typename login ... on User {{ isViewer }} }} }} }}");

    private static string RepositoryLabels(int count) => Each(count, i => $"l{i}: label(name: $l{i}) {{ id name }} ");

    private static string Each(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
}
