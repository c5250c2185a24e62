using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Writes an issue with one request of several mutations.</summary>
internal sealed class IssueWriter(
    GitHubApiClient app, LabelIdCache labelIds, LabelResolver resolver, IssueReader reader, OwnIdentity identity, SnapshotMapper mapper,
    ServerFeatures features)
{
    private readonly WriteRefusalExplainer _refused = new(reader);

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

        RequestTag tag = new(RequestKind.Write) { StartsWork = change.StartsWork };
        CallResult<MutationResult> sent = await SendAsync(app, issue, change, inputs, tag, cancellationToken);
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

    /// <exception cref="TransientFailureException">The id of a label to add is unknown: another write found the ids outdated.</exception>
    public MutationInputs Compose(RepositoryRef repository, string nodeId, IssueChange change)
    {
        if (change.AddLabels.FirstOrDefault(l => labelIds.FindLabelId(repository, l) is null) is { } unknown)
        {
            throw new TransientFailureException("github-label-unknown",
                $"The id of the label '{unknown}' in {repository} is no longer known: the next attempt looks it up.");
        }

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

    /// <summary>Sends the mutations of one write and checks each result: a refused mutation does not stop those after it.</summary>
    /// <param name="client">Sends with the App's or with the user's credential.</param>
    public async Task<CallResult<MutationResult>> SendAsync(
        GitHubApiClient client, IssueRef issue, IssueChange change, MutationInputs inputs, RequestTag tag,
        CancellationToken cancellationToken)
    {
        string what = $"writing {issue}";
        bool actors = features.AssignedActors;
        CallResult<GraphResponse<ApplyChangeData>> result = await client.SendAsync<ApplyChangeData>(
            tag,
            what,
            GraphDocuments.ApplyChange(inputs.Parts, actors, inputs.ReplacedComments, inputs.DeletedComments),
            inputs.Variables,
            cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<MutationResult>.RateLimited(limited);
        }

        GraphResponse<ApplyChangeData> response = result.Value!;
        IReadOnlyList<GraphError> errors = response.Errors ?? [];
        if (actors && errors.Any(e => GraphFailures.LacksField(e, ServerFeatures.AssignedActorsField)))
        {
            // Documents are checked before they run: nothing was done.
            features.AssignedActors = false;
            return await SendAsync(client, issue, change, inputs, tag, cancellationToken);
        }

        GraphError[] failed = [.. errors.Where(e => !MayFail(e))];
        if (failed.Length > 0)
        {
            inputs.WasAssigned = response.Data?.Assign is not null;
            bool isHalfDone = response.Data?.Remove is not null && failed.Any(e => e.Field == Mutation.AliasOf(ChangeParts.AddLabels));
            MutationInputs? restoration = isHalfDone ? ComposeRestoration(issue.Repository, change, inputs) : null;
            labelIds.Invalidate(issue.Repository);
            PipelineException failure = await _refused.ExplainAsync(client, issue, change, failed, what, cancellationToken);
            if (restoration is not null && !SkipCodes.IsUnavailable(failure.Code)
                && await RestoreLabelsAsync(client, issue, restoration, cancellationToken) is { } retryAt)
            {
                // The whole write is repeated then, and removes nothing that is not there.
                return CallResult<MutationResult>.RateLimited(retryAt);
            }

            throw failure;
        }

        if (inputs.Parts == ChangeParts.None)
        {
            // A deleted comment's answer does not show the issue.
            RequestTag extra = new(RequestKind.Read, extra: true);
            CallResult<IssueSnapshot> read = await reader.ReadAsync(issue, extra, cancellationToken);
            return read.RetryAt is { } later
                ? CallResult<MutationResult>.RateLimited(later)
                : CallResult<MutationResult>.Ok(new MutationResult(read.Value!, AssignmentError: null));
        }

        GraphError? refusedComment = errors.FirstOrDefault(IsComment);
        if (response.Data?.IssueAfter is not { } after)
        {
            return refusedComment is null
                ? throw Unshown(client, errors, what)
                : await ReadAsync(client, issue, refusedComment, cancellationToken);
        }

        CheckLabels(issue, change, after);
        labelIds.Add(issue.Repository, after.Labels?.Items ?? []);
        IssueSnapshot snapshot = mapper.Map(issue, after, response.Data.WrittenComment is { } comment ? [comment] : []);
        return CallResult<MutationResult>.Ok(new MutationResult(
            snapshot with { RefusedComment = refusedComment is null ? null : CommentRefusal(client, refusedComment) },
            errors.FirstOrDefault(e => e.Field == Mutation.AliasOf(ChangeParts.Assign))));
    }

    /// <summary>Whether the rest of the write is valid: a comment or the assignment was refused, or an older comment is gone.</summary>
    private static bool MayFail(GraphError error) =>
        (error.Field.StartsWith(GraphDocuments.DeletedCommentAlias, StringComparison.Ordinal) && error.Type == "NOT_FOUND")
        || (error.Field.StartsWith(GraphDocuments.ReplacedCommentAlias, StringComparison.Ordinal)
            && (IsRefusal(error) || error.Type == "NOT_FOUND"))
        || (error.Field == Mutation.AliasOf(ChangeParts.Assign) && (IsRefusal(error) || error.Type == "NOT_FOUND"))
        || (IsComment(error) && IsRefusal(error));

    private static bool IsComment(GraphError error) =>
        error.Field == Mutation.AliasOf(ChangeParts.NewComment) || error.Field == Mutation.AliasOf(ChangeParts.EditComment);

    private static bool IsRefusal(GraphError error) => error.Type != "NOT_FOUND" && !GraphFailures.IsOfServer(error);

    private static string CommentRefusal(GitHubApiClient client, GraphError error) =>
        $"GitHub refused the comment ({error.Type}): the issue is locked, or the credential in {client.Setting} may not comment.";

    private static PipelineException Unshown(GitHubApiClient client, IReadOnlyList<GraphError> errors, string what) => errors.Count > 0
        ? client.ToException(errors, what)
        : new TransientFailureException("github-garbled-answer", $"GitHub's answer does not show the issue while {what}.");

    /// <summary>Reads the issue where the comment was the whole write and GitHub refused it: people can bring that about.</summary>
    private async Task<CallResult<MutationResult>> ReadAsync(
        GitHubApiClient client, IssueRef issue, GraphError refusedComment, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await reader.ReadAsync(issue, new RequestTag(RequestKind.Read, extra: true), cancellationToken);
        return read.RetryAt is { } limited
            ? CallResult<MutationResult>.RateLimited(limited)
            : CallResult<MutationResult>.Ok(
                new MutationResult(read.Value! with { RefusedComment = CommentRefusal(client, refusedComment) }, null));
    }

    /// <summary>
    /// Composes a write that restores the lasting labels that a write removed while GitHub refused the labels that replace them. An issue
    /// with neither would be lost, because no later run looks for it.
    /// </summary>
    private MutationInputs? ComposeRestoration(RepositoryRef repository, IssueChange change, MutationInputs inputs)
    {
        string[] lasting = [.. change.RemoveLabels.Except(WorkflowLabels.ShortLived, StringComparer.OrdinalIgnoreCase)];
        string nodeId = (string)inputs.Variables[Mutation.AliasOf(ChangeParts.RemoveLabels)]!["labelableId"]!;
        return lasting.Length == 0 ? null : Compose(repository, nodeId, new IssueChange { AddLabels = lasting });
    }

    /// <returns>When a rate limit lets it be done; null when it is done, or GitHub refuses it.</returns>
    private async Task<DateTimeOffset?> RestoreLabelsAsync(
        GitHubApiClient client, IssueRef issue, MutationInputs restoration, CancellationToken cancellationToken)
    {
        try
        {
            RequestTag tag = new(RequestKind.Write, extra: true);
            return (await SendAsync(client, issue, IssueChange.None, restoration, tag, cancellationToken)).RetryAt;
        }
        catch (PipelineException)
        {
            // The caller reports the failure that came first.
            return null;
        }
    }

    /// <summary>Detects a label that was renamed after its id was read and would appear under its new name.</summary>
    private void CheckLabels(IssueRef issue, IssueChange change, IssueNode after)
    {
        foreach (string label in change.AddLabels)
        {
            string? id = labelIds.FindLabelId(issue.Repository, label);
            if (after.Labels?.Items.FirstOrDefault(l => l.Id == id) is { } shown
                && !shown.Name.Equals(label, StringComparison.OrdinalIgnoreCase))
            {
                labelIds.Invalidate(issue.Repository);
                throw new TransientFailureException(
                    "github-label-renamed", $"The label '{label}' was renamed in {issue.Repository}: the next attempt looks it up again.");
            }
        }
    }
}

/// <summary>The result of a request with several mutations.</summary>
/// <param name="AssignmentError">Why Copilot was not assigned although everything else was done; null otherwise.</param>
internal sealed record MutationResult(IssueSnapshot Issue, GraphError? AssignmentError);
