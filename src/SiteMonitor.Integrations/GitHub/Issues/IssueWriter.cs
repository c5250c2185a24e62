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
    GitHubApiClient app, LabelIdCache labelIds, LabelResolver resolver, IssueReader reader, OwnIdentity identity,
    IssueMutationSender sender)
{
    public async Task<CallResult<IssueSnapshot>> ApplyAsync(
        IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            throw new ArgumentException("The change is empty.", nameof(change));
        }

        if (await PrepareAsync(issue.Repository, change, cancellationToken) is { } limited)
        {
            return CallResult<IssueSnapshot>.RateLimited(limited);
        }

        MutationInputs inputs = Compose(issue.Repository, nodeId, change);
        if (inputs.IsEmpty && change.ResolvedComments.Count > 0)
        {
            // Nothing else is written, so one of them shows the issue afterwards.
            inputs = Compose(
                issue.Repository,
                nodeId,
                change with { Comment = change.ResolvedComments[0], ResolvedComments = [.. change.ResolvedComments.Skip(1)] });
        }

        if (inputs.IsEmpty)
        {
            return await reader.ReadAsync(issue, new RequestTag(RequestKind.Read, extra: true), cancellationToken);
        }

        CallResult<MutationResult> sent = await sender.SendAsync(app, issue, change, inputs, new RequestTag(RequestKind.Write) { IsBeginning = change.IsBeginning },
            cancellationToken);
        return sent.RetryAt is { } retryAt
            ? CallResult<IssueSnapshot>.RateLimited(retryAt)
            : CallResult<IssueSnapshot>.Ok(sent.Value!.Issue);
    }

    /// <summary>Looks up the ids that <see cref="Compose"/> needs.</summary>
    /// <returns>When to try again if a rate limit bars it; null when done.</returns>
    public async Task<DateTimeOffset?> PrepareAsync(RepositoryRef repository, IssueChange change, CancellationToken cancellationToken)
    {
        bool namesLabels = change.AddLabels.Count + change.RemoveLabels.Count > 0;
        return namesLabels && await resolver.EnsureLabelsAsync(repository, change, cancellationToken) is { } limited
            ? limited
            : await identity.EnsureKnownAsync(cancellationToken);
    }

    public MutationInputs Compose(RepositoryRef repository, string nodeId, IssueChange change)
    {
        MutationInputs inputs = new();
        void Add(ChangeParts part, bool isWanted, Func<JsonObject> input)
        {
            if (isWanted)
            {
                inputs.Add(part, input());
            }
        }

        JsonArray added = FindIds(repository, change.AddLabels);
        JsonArray removed = FindIds(repository, change.RemoveLabels);
        Add(ChangeParts.Body, change.Body is not null, () => new() { ["id"] = nodeId, ["body"] = change.Body });
        Add(ChangeParts.AddLabels, added.Count > 0, () => new() { ["labelableId"] = nodeId, ["labelIds"] = added });
        Add(ChangeParts.RemoveLabels, removed.Count > 0, () => new() { ["labelableId"] = nodeId, ["labelIds"] = removed });
        Add(ChangeParts.NewComment, change.Comment is { NodeId: null },
            () => new() { ["subjectId"] = nodeId, ["body"] = change.Comment!.Body });
        Add(ChangeParts.EditComment, change.Comment is { NodeId: not null },
            () => new() { ["id"] = change.Comment!.NodeId, ["body"] = change.Comment.Body });
        Add(ChangeParts.Close, change.Close, () => new() { ["issueId"] = nodeId, ["stateReason"] = "COMPLETED" });
        foreach (CommentChange comment in change.ResolvedComments)
        {
            inputs.AddReplacedComment(comment.NodeId, comment.Body);
        }

        foreach (string comment in change.DeletedComments)
        {
            inputs.AddDeletedComment(comment);
        }

        return inputs;
    }

    private JsonArray FindIds(RepositoryRef repository, IReadOnlyList<string> labels) =>
        [.. labels.Select(l => labelIds.FindLabelId(repository, l)).OfType<string>().Distinct().Select(id => (JsonNode)id)];
}
