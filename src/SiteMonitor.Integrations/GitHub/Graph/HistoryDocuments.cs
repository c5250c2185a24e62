namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>
/// The GraphQL documents that read issues with their history, built from constants. A test validates them against GitHub's schema.
/// </summary>
internal static class HistoryDocuments
{
    private const string Actor = "{ __typename login }";

    private const string EventTypes = "[LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, UNASSIGNED_EVENT, RENAMED_TITLE_EVENT]";

    private const string Assignee = "assignee { __typename ... on User { login } ... on Bot { login } }";

    private const string Events = $$"""
        {
          pageInfo { hasPreviousPage hasNextPage endCursor }
          nodes {
            __typename
            ... on LabeledEvent { createdAt actor {{Actor}} label { id name } }
            ... on UnlabeledEvent { createdAt actor {{Actor}} label { id name } }
            ... on AssignedEvent { createdAt {{Assignee}} }
            ... on UnassignedEvent { createdAt {{Assignee}} }
            ... on RenamedTitleEvent { createdAt previousTitle }
          }
        }
        """;

    private const string Comments =
        "{ pageInfo { hasPreviousPage hasNextPage endCursor } nodes { id body createdAt viewerDidAuthor } }";

    /// <summary>GitHub lists edits newest first.</summary>
    private const string Edits = "{ pageInfo { hasPreviousPage startCursor } nodes { editedAt deletedAt diff } }";

    /// <summary>Reads a page of issues by creation. GitHub's filter <c>since</c> is by the last change.</summary>
    public const string IssuePage = $$"""
        query IssuePage($owner: String!, $name: String!, $first: Int!, $after: String, $filter: IssueFilters) {
          viewer { login }
          repository(owner: $owner, name: $name) {
            issues(first: $first, after: $after, filterBy: $filter, orderBy: { field: CREATED_AT, direction: ASC }) {
              totalCount
              pageInfo { hasPreviousPage hasNextPage endCursor }
              nodes {
                id number title body closed closedAt stateReason(enableDuplicate: true) createdAt
                author {{Actor}}
                labels(first: 100) { nodes { id name } }
                timelineItems(first: 100, itemTypes: {{EventTypes}}) {{Events}}
                userContentEdits(last: 3) {{Edits}}
                comments(first: 50) {{Comments}}
                closedByPullRequestsReferences(first: 20, includeClosedPrs: true) {
                  nodes { number merged closed author {{Actor}} repository { nameWithOwner } }
                }
              }
            }
          }
        }
        """;

    public const string MoreEvents = $$"""
        query MoreEvents($id: ID!, $cursor: String!) {
          node(id: $id) { ... on Issue { timelineItems(first: 100, after: $cursor, itemTypes: {{EventTypes}}) {{Events}} } }
        }
        """;

    public const string MoreComments = $$"""
        query MoreComments($id: ID!, $cursor: String!) {
          node(id: $id) { ... on Issue { comments(first: 100, after: $cursor) {{Comments}} } }
        }
        """;

    /// <summary>Reads the edits that are next newer than a page's.</summary>
    public const string NewerEdits = $$"""
        query NewerEdits($id: ID!, $cursor: String!) {
          node(id: $id) { ... on Issue { userContentEdits(last: 20, before: $cursor) {{Edits}} } }
        }
        """;
}
