using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Maps connections and edits.</summary>
internal static class CommonTypes
{
    private static readonly string[] Connections =
    [
        "Actor", "Assignee", "User", "Label", "Issue", "PullRequest", "IssueComment", "UserContentEdit", "IssueTimelineItems",
    ];

    public static void Map(ResolverMap map)
    {
        foreach (string node in Connections)
        {
            map.Type<ConnectionPage>($"{node}Connection")
                .Field("edges", p => p.Edges)
                .Field("nodes", p => p.Edges.Select(e => e.Node))
                .Field("pageInfo", p => p)
                .Field("totalCount", p => p.TotalCount);
            map.Type<ConnectionEdge>($"{node}Edge").Field("cursor", e => e.Cursor).Field("node", e => e.Node);
        }

        map.Type<ConnectionPage>("PageInfo")
            .Field("endCursor", p => p.Edges.Count == 0 ? null : p.Edges[^1].Cursor)
            .Field("startCursor", p => p.Edges.Count == 0 ? null : p.Edges[0].Cursor)
            .Field("hasNextPage", p => p.HasNextPage)
            .Field("hasPreviousPage", p => p.HasPreviousPage);

        map.Type<SimulatedEdit>("UserContentEdit")
            .Field("id", e => e.GraphId)
            .Field("editedAt", e => e.EditedAt)
            .Field("deletedAt", e => e.DeletedAt)
            .Field("diff", e => e.DeletedAt is null ? e.Body : null)
            .Field("editor", (e, context, _) => context.State.Accounts.Named(e.Editor));
    }
}

/// <summary>Maps users, bots and organizations.</summary>
internal static class ActorTypes
{
    public static void Map(ResolverMap map)
    {
        foreach (AccountKind kind in Enum.GetValues<AccountKind>())
        {
            ResolverMap.TypeFields<Account> type = map.Type<Account>(kind.ToString(), a => a.Kind == kind)
                .Field("id", a => a.NodeId)
                .Field("login", a => a.GraphLogin);
            if (kind == AccountKind.User)
            {
                type.Field("isViewer", (a, context, _) => a.Login == context.Request.Caller.Account.Login);
            }
        }
    }
}
