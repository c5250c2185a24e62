using System.Globalization;
using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Maps the top-level query fields and repositories.</summary>
internal static class QueryType
{
    public static void Map(ResolverMap map)
    {
        map.Type<GraphRoot>("Query")
            .Field("node", (_, context, field) => Node(context, field.GetArgument<string>("id")))
            .Field("nodes", (_, context, field) => field.GetArgument<List<string>>("ids").Select(id => Nodes.Find(context, id)).ToList())
            .Field(
                "repository", (_, context, field) =>
                    Repository(context, field.GetArgument<string>("owner"), field.GetArgument<string>("name")))
            .Field("viewer", (_, context, _) => Viewer(context));

        map.Type<SimulatedRepository>("Repository")
            .Field("hasIssuesEnabled", r => !r.AreIssuesDisabled)
            .Field("id", r => r.GraphId)
            .Field("isArchived", r => r.IsArchived)
            .Field("issue", (r, context, field) => Issue(r, context, field, "an Issue", i => !i.IsPullRequest))
            .Field("issueOrPullRequest", (r, context, field) => Issue(r, context, field, "an issue or pull request", _ => true))
            .Field("issues", (r, context, field) => Paging.OfPositions(field, Issues(r, context, field)))
            .Field("label", (r, _, field) => r.FindLabel(field.GetArgument<string>("name")) is { } label ? new LabelNode(r, label) : null)
            .Field("name", r => r.Name)
            .Field("nameWithOwner", r => r.FullName)
            .Field("pullRequest", (r, context, field) => Issue(r, context, field, "a PullRequest", i => i.IsPullRequest))
            .Field("suggestedActors", (_, context, field) => Paging.Of(field, Suggested(context)));
    }

    private static object Node(GraphContext context, string id) => Nodes.Find(context, id) ?? throw Nodes.NotFound(id);

    private static SimulatedRepository Repository(GraphContext context, string owner, string name) =>
        context.State.FindRepository(owner, name) ?? throw GitHubErrorException.NotFound(
            $"Could not resolve to a Repository with the name '{owner}/{name}'.");

    // An App installation is shown as a user with the login of its bot.
    private static Account Viewer(GraphContext context) => context.Request.Caller.Account with { Kind = AccountKind.User };

    private static SimulatedIssue Issue(
        SimulatedRepository repository, GraphContext context, IResolveFieldContext field, string kind, Func<SimulatedIssue, bool> fits)
    {
        int number = field.GetArgument<int>("number");
        return !repository.AreIssuesDisabled && context.State.FindIssue(repository.Key, number) is { IsDeleted: false } issue && fits(issue)
            ? issue
            : throw GitHubErrorException.NotFound($"Could not resolve to {kind} with the number of {number}.");
    }

    /// <summary>Returns the issues by creation. As on GitHub a page continues rightly although issues were deleted or changed.</summary>
    private static IEnumerable<(int Position, object Item)> Issues(
        SimulatedRepository repository, GraphContext context, IResolveFieldContext field)
    {
        string? since = field.GetArgument<Dictionary<string, object?>?>("filterBy")?.GetValueOrDefault("since") as string;
        DateTimeOffset from = default;
        if (since is not null && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
        {
            throw GitHubErrorException.BadRequest($"`{since}` is not a DateTime.");
        }

        return context.State.IssuesEvenDeleted(repository.Key)
            .OrderBy(i => i.CreatedAt).ThenBy(i => i.Number)
            .Select((issue, index) => (Position: index + 1, Item: issue))
            .Where(i => !repository.AreIssuesDisabled && i.Item is { IsDeleted: false, IsPullRequest: false } && i.Item.UpdatedAt >= from)
            .Select(i => (i.Position, (object)i.Item));
    }

    private static IEnumerable<Account> Suggested(GraphContext context) =>
        context.CanAssignCopilot ? context.State.Accounts.People.Prepend(context.State.Accounts.Copilot) : context.State.Accounts.People;
}

/// <summary>Source object of the top-level fields.</summary>
internal sealed class GraphRoot
{
    public static GraphRoot Instance { get; } = new();
}
