using System.Globalization;
using System.Text;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>All GraphQL documents, built from constants; values are variables. A test validates them against GitHub's schema.</summary>
internal static class GraphDocuments
{
    /// <summary>Number of body edits returned by a write: enough to see all edits between our read and our write.</summary>
    public const int EditCount = 10;

    /// <summary>Prefix of the aliases and variables of older comments that a write replaces.</summary>
    public const string ReplacedCommentAlias = "settle";

    /// <summary>The beginning of the aliases and variables of comments that are deleted after a write.</summary>
    public const string DeletedCommentAlias = "drop";

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

    private const string Labels = "labels(first: 100) { nodes { id name } }";

    /// <summary>Includes bots. GitHub Enterprise Server may not have it yet.</summary>
    private const string Actors =
        "assignedActors(first: 20) { nodes { __typename ... on User { login } ... on Bot { login } } }";

    private const string Users = "assignees(first: 20) { nodes { __typename login } }";

    /// <summary>The newest label events, with label and actor.</summary>
    private const string LabelEvents =
        "timelineItems(last: 20, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) { nodes { __typename " +
        "... on LabeledEvent { createdAt actor { __typename login } label { id name } } " +
        "... on UnlabeledEvent { createdAt actor { __typename login } label { id name } } } }";

    private const string IssueFields =
        $"id number title body closed stateReason(enableDuplicate: true) createdAt updatedAt author {{ __typename login }} {Labels}";

    /// <summary>Reads the issue, and the ids of <paramref name="labelCount"/> labels, named by <c>$l0</c>, <c>$l1</c> …</summary>
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
                {{LabelEvents}}
                closedByPullRequestsReferences(first: 10, includeClosedPrs: true) { nodes { merged closed } }
                {{Edits}}
              }
              ... on PullRequest { id number title closed createdAt updatedAt {{Labels}} }
            }
          }
        }
        """;

    /// <summary>Reads the 100 comments before a page.</summary>
    public const string OlderComments = $$"""
        query OlderComments($id: ID!, $before: String!) {
          node(id: $id) { ... on Issue { comments(last: 100, before: $before) {{OwnComments}} } }
        }
        """;

    /// <summary>Reads our comments by the ids in the ledger.</summary>
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

    /// <summary>Writes with several mutations, in order; the last result has the issue after all of them.</summary>
    /// <param name="replacedComments">How many older comments are replaced before, by the variables <c>$settle0</c>, <c>$settle1</c>
    /// …</param>
    /// <param name="deletedComments">How many comments are deleted at the end, by the variables <c>$drop0</c>, <c>$drop1</c> …</param>
    /// <exception cref="ArgumentException">There is nothing to write.</exception>
    public static string ApplyChange(ChangeParts parts, bool actors, int replacedComments = 0, int deletedComments = 0)
    {
        List<Mutation> mutations = [.. Mutation.All.Where(m => parts.HasFlag(m.Part))];
        if (mutations.Count == 0 && deletedComments == 0)
        {
            throw new ArgumentException("A write needs at least one part.", nameof(parts));
        }

        StringBuilder document = new("mutation ApplyChange(");
        document.Append(Each(replacedComments, i => $"${ReplacedCommentAlias}{i}: UpdateIssueCommentInput! "));
        document.Append(Each(deletedComments, i => $"${DeletedCommentAlias}{i}: DeleteIssueCommentInput! "));
        document.AppendJoin(", ", mutations.Select(m => $"${m.Alias}: {m.InputType}!")).Append(") {\n");
        document.Append(Each(
            replacedComments,
            i => $"  {ReplacedCommentAlias}{i}: updateIssueComment(input: ${ReplacedCommentAlias}{i}) {{ issueComment {{ id }} }}\n"));

        // Where GitHub refuses an optional part, the last other one shows the issue.
        Mutation? last = mutations.LastOrDefault();
        Mutation? lastRequired = mutations.LastOrDefault(m => !m.IsOptional);
        foreach (Mutation mutation in mutations)
        {
            string selection = mutation.Selection(mutation == last || mutation == lastRequired ? "...IssueAfter" : "id");
            document.Append(CultureInfo.InvariantCulture,
                $"  {mutation.Alias}: {mutation.Field}(input: ${mutation.Alias}) {{ {selection} }}\n");
        }

        document.Append(Each(
            deletedComments,
            i => $"  {DeletedCommentAlias}{i}: deleteIssueComment(input: ${DeletedCommentAlias}{i}) {{ clientMutationId }}\n"));
        return document.Append("}\n").Append(last is null ? string.Empty : IssueAfter(actors)).ToString();
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
