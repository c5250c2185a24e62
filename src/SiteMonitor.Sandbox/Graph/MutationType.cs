using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Mutations. Those of one request run in order, each by itself: what came before a failing one stays done.</summary>
internal static class MutationType
{
    public static void Map(ResolverMap map)
    {
        ResolverMap.TypeFields<GraphRoot> type = map.Type<GraphRoot>("Mutation");
        Add(map, type, "updateIssue", "UpdateIssue", "issue", (context, input) => IssueMutations.Update(context, input));
        Add(map, type, "closeIssue", "CloseIssue", "issue", (context, input) => IssueMutations.Close(context, input));
        Add(map, type, "reopenIssue", "ReopenIssue", "issue", (context, input) => IssueMutations.Reopen(context, input));
        Add(map, type, "createIssue", "CreateIssue", "issue", (context, input) => IssueMutations.Create(context, input));
        Add(map, type, "addLabelsToLabelable", "AddLabelsToLabelable", "labelable", (context, input) => LabelMutations.Add(context, input));
        Add(map, type, "removeLabelsFromLabelable", "RemoveLabelsFromLabelable", "labelable", (context, input) => LabelMutations.Remove(context, input));
        Add(map, type, "createLabel", "CreateLabel", "label", (context, input) => LabelMutations.Create(context, input));
        Add(map, type, "addAssigneesToAssignable", "AddAssigneesToAssignable", "assignable", (context, input) => AssigneeMutations.Add(context, input));
        Add(map, type, "removeAssigneesFromAssignable", "RemoveAssigneesFromAssignable", "assignable", (context, input) => AssigneeMutations.Remove(context, input));
        Add(map, type, "replaceActorsForAssignable", "ReplaceActorsForAssignable", "assignable", (context, input) => AssigneeMutations.Replace(context, input));
        Add(map, type, "addComment", "AddComment", "commentEdge", (context, input) => CommentMutations.Add(context, input));
        Add(map, type, "updateIssueComment", "UpdateIssueComment", "issueComment", (context, input) => CommentMutations.Edit(context, input));
        Add(map, type, "deleteIssueComment", "DeleteIssueComment", null, (context, input) => CommentMutations.Delete(context, input));
    }

    private static void Add(ResolverMap map, ResolverMap.TypeFields<GraphRoot> type, string field, string name, string? result, Func<GraphContext, MutationInput, object> run)
    {
        type.Field(field, (_, context, resolving) =>
        {
            if (context.Request.FailingFields.Contains(field))
            {
                throw new GitHubErrorException(200, "SERVICE_UNAVAILABLE", "Something went wrong while executing your query.");
            }

            MutationInput input = new(resolving.GetArgument<Dictionary<string, object?>>("input"));
            return new MutationResult(run(context, input), context.Request.Caller.Account, input.Text("clientMutationId"));
        });
        ResolverMap.TypeFields<MutationResult> payload = map.Type<MutationResult>($"{name}Payload").Field("clientMutationId", r => r.ClientMutationId);
        if (result is not null)
        {
            payload.Field(result, r => r.Value);
        }

        switch (name)
        {
            case "UpdateIssue":
                payload.Field("actor", r => r.Actor);
                break;
            case "AddComment":
                payload.Field("subject", r => ((CommentNode)((ConnectionEdge)r.Value).Node).Issue);
                break;
        }
    }
}

/// <summary>A mutation's <c>input</c>, already checked against the schema.</summary>
internal sealed class MutationInput(Dictionary<string, object?> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    public string Required(string name) => (string)values[name]!;

    /// <summary>Null when the field is absent.</summary>
    public IReadOnlyList<string>? Ids(string name) => values.GetValueOrDefault(name) is IEnumerable<object?> ids ? [.. ids.OfType<string>()] : null;
}

internal sealed record MutationResult(object Value, Account Actor, string? ClientMutationId);
