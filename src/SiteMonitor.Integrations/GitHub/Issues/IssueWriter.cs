using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Writes an issue with one request of several mutations.</summary>
internal sealed class IssueWriter(
    GitHubApiClient app, LabelIdCache directory, LabelResolver resolver, IssueReader reader, OwnIdentity identity, SnapshotMapper mapper, ServerFeatures features)
{
    public async Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            throw new ArgumentException("The change is empty.", nameof(change));
        }

        if (await PrepareAsync(issue.Repository, change, cancellationToken) is { } limited)
        {
            return CallResult<IssueSnapshot>.RateLimited(limited);
        }

        (ChangeParts parts, JsonObject variables) = Compose(issue.Repository, nodeId, change);
        if (parts == ChangeParts.None && change.ResolvedComments.Count > 0)
        {
            // Nothing else is written, so one of them shows the issue afterwards.
            change = change with { Comment = change.ResolvedComments[0], ResolvedComments = [.. change.ResolvedComments.Skip(1)] };
            (parts, variables) = Compose(issue.Repository, nodeId, change);
        }

        return parts == ChangeParts.None
            ? await reader.ReadAsync(issue, new RequestTag(RequestKind.Read, extra: true), cancellationToken)
            : await SendAsync(issue, change, parts, variables, new RequestTag(RequestKind.Write), cancellationToken);
    }

    private async Task<DateTimeOffset?> PrepareAsync(RepositoryRef repository, IssueChange change, CancellationToken cancellationToken)
    {
        bool labels = change.AddLabels.Count + change.RemoveLabels.Count > 0;
        return labels && await resolver.EnsureLabelsAsync(repository, change, cancellationToken) is { } limited
            ? limited
            : await identity.EnsureKnownAsync(cancellationToken);
    }

    private (ChangeParts Parts, JsonObject Variables) Compose(RepositoryRef repository, string nodeId, IssueChange change)
    {
        ChangeParts parts = ChangeParts.None;
        JsonObject variables = [];
        void Add(ChangeParts part, bool wanted, Func<JsonObject> input)
        {
            if (wanted)
            {
                parts |= part;
                variables[Mutation.All.First(m => m.Part == part).Alias] = input();
            }
        }

        JsonArray added = Ids(repository, change.AddLabels);
        JsonArray removed = Ids(repository, change.RemoveLabels);
        Add(ChangeParts.Body, change.Body is not null, () => new() { ["id"] = nodeId, ["body"] = change.Body });
        Add(ChangeParts.AddLabels, added.Count > 0, () => new() { ["labelableId"] = nodeId, ["labelIds"] = added });
        Add(ChangeParts.RemoveLabels, removed.Count > 0, () => new() { ["labelableId"] = nodeId, ["labelIds"] = removed });
        Add(ChangeParts.NewComment, change.Comment is { NodeId: null }, () => new() { ["subjectId"] = nodeId, ["body"] = change.Comment!.Body });
        Add(ChangeParts.EditComment, change.Comment is { NodeId: not null }, () => new() { ["id"] = change.Comment!.NodeId, ["body"] = change.Comment.Body });
        Add(ChangeParts.Close, change.Close, () => new() { ["issueId"] = nodeId, ["stateReason"] = "COMPLETED" });
        for (int i = 0; i < change.ResolvedComments.Count; i++)
        {
            variables[$"{GraphDocuments.ReplacedCommentAlias}{i}"] = new JsonObject { ["id"] = change.ResolvedComments[i].NodeId, ["body"] = change.ResolvedComments[i].Body };
        }

        return (parts, variables);
    }

    private JsonArray Ids(RepositoryRef repository, IReadOnlyList<string> labels) =>
        [.. labels.Select(l => directory.FindLabelId(repository, l)).OfType<string>().Distinct().Select(id => (JsonNode)id)];

    private async Task<CallResult<IssueSnapshot>> SendAsync(
        IssueRef issue, IssueChange change, ChangeParts parts, JsonObject variables, RequestTag tag, CancellationToken cancellationToken)
    {
        string what = $"writing {issue}";
        bool actors = features.AssignedActors;
        CallResult<GraphResponse<ApplyChangeData>> result = await app.SendAsync<ApplyChangeData>(
            tag, what, GraphDocuments.ApplyChange(parts, actors, change.ResolvedComments.Count), variables, cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<IssueSnapshot>.RateLimited(limited);
        }

        GraphResponse<ApplyChangeData> answer = result.Value!;
        if (answer.HasErrors && !IsDone(answer))
        {
            if (actors && answer.Errors!.Any(e => GraphFailures.LacksField(e, ServerFeatures.AssignedActorsField)))
            {
                // Documents are checked before they run: nothing was done.
                features.AssignedActors = false;
                return await SendAsync(issue, change, parts, variables, tag, cancellationToken);
            }

            throw Failed(issue, answer.Errors!, what);
        }

        IssueNode after = answer.Data?.LastPayload?.UpdatedIssue ?? throw new TransientFailureException("github-garbled-answer", $"GitHub's answer does not show the issue while {what}.");
        CheckLabels(issue, change, after);
        directory.Add(issue.Repository, after.Labels?.Items ?? []);
        return CallResult<IssueSnapshot>.Ok(mapper.Map(issue, after, answer.Data.WrittenComment is { } comment ? [comment] : []));
    }

    /// <summary>Whether nothing failed but the settling of a comment that is gone.</summary>
    private static bool IsDone(GraphResponse<ApplyChangeData> answer) =>
        answer.Data?.LastPayload is not null
        && answer.Errors!.All(e => e.Type == "NOT_FOUND" && e.Field.StartsWith(GraphDocuments.ReplacedCommentAlias, StringComparison.Ordinal));

    /// <summary>An id that leads nowhere may be a label's that was deleted, a comment's, or the issue's own: the caller's next read finds out which.</summary>
    private PipelineException Failed(IssueRef issue, IReadOnlyList<GraphError> errors, string what)
    {
        directory.Invalidate(issue.Repository);
        PipelineException failure = app.ToException(errors, what);
        return failure.Code == "github-not-found"
            ? new TransientFailureException("github-node-gone", $"Something the write names is gone ({string.Join(", ", errors.Select(e => e.Field).Distinct())}, {what}): the next try reads anew.")
            : failure;
    }

    /// <summary>A label renamed since we learnt its id keeps that id, and would be put on the issue under its new name.</summary>
    private void CheckLabels(IssueRef issue, IssueChange change, IssueNode after)
    {
        foreach (string label in change.AddLabels)
        {
            string? id = directory.FindLabelId(issue.Repository, label);
            if (after.Labels?.Items.FirstOrDefault(l => l.Id == id) is { } shown && !shown.Name.Equals(label, StringComparison.OrdinalIgnoreCase))
            {
                directory.Invalidate(issue.Repository);
                throw new TransientFailureException("github-label-renamed", $"The label '{label}' was renamed in {issue.Repository}: the next try looks it up anew.");
            }
        }
    }
}
