using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Maps mutations. Those of one request run in order and independently: mutations before a failed one stay applied.</summary>
internal static class MutationType
{
    public static void Map(ResolverMap map)
    {
        ResolverMap.TypeFields<GraphRoot> type = map.Type<GraphRoot>("Mutation");
        Add("updateIssue", "issue", IssueMutations.Update);
        Add("closeIssue", "issue", IssueMutations.Close);
        Add("addLabelsToLabelable", "labelable", LabelMutations.Add);
        Add("removeLabelsFromLabelable", "labelable", LabelMutations.Remove);
        Add("createLabel", "label", LabelMutations.Create);
        Add("addAssigneesToAssignable", "assignable", AssigneeMutations.Add);
        Add("removeAssigneesFromAssignable", "assignable", AssigneeMutations.Remove);
        Add("addComment", "commentEdge", CommentMutations.Add);
        Add("updateIssueComment", "issueComment", CommentMutations.Edit);
        Add("deleteIssueComment", null, CommentMutations.Delete);

        void Add(string field, string? result, Func<GraphContext, MutationInput, object> run) => Map(map, type, field, result, run);
    }

    private static void Map(
        ResolverMap map,
        ResolverMap.TypeFields<GraphRoot> type,
        string field,
        string? result,
        Func<GraphContext, MutationInput, object> run)
    {
        type.Field(field, (_, context, resolving) =>
        {
            context.Request.BeforeField(field);
            if (context.Request.FailingFields.Contains(field))
            {
                throw new GitHubErrorException(200, context.Request.FieldErrorType, "Something went wrong while executing your query.");
            }

            MutationInput input = new(resolving.GetArgument<Dictionary<string, object?>>("input"));
            return new MutationResult(run(context, input), input.Text("clientMutationId"));
        });
        string name = char.ToUpperInvariant(field[0]) + field[1..];
        ResolverMap.TypeFields<MutationResult> payload = map.Type<MutationResult>($"{name}Payload")
            .Field("clientMutationId", r => r.ClientMutationId);
        if (result is not null)
        {
            payload.Field(result, r => r.Value);
        }

        if (field == "addComment")
        {
            payload.Field("subject", r => ((CommentNode)((ConnectionEdge)r.Value).Node).Issue);
        }
    }
}

/// <summary>The <c>input</c> argument of a mutation, already validated against the schema.</summary>
internal sealed class MutationInput(Dictionary<string, object?> values)
{
    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    public string Required(string name) => (string)values[name]!;

    /// <summary>Returns null if the field is absent.</summary>
    public IReadOnlyList<string>? Ids(string name) =>
        values.GetValueOrDefault(name) is IEnumerable<object?> ids ? [.. ids.OfType<string>()] : null;
}

internal sealed record MutationResult(object Value, string? ClientMutationId);
