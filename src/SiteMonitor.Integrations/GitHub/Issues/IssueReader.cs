using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Reads an issue with one query, which also brings what writes will need: label ids (when not known) and who we are.</summary>
internal sealed class IssueReader(GitHubApiClient app, LabelIdCache directory, OwnIdentity identity, SnapshotMapper mapper, ServerFeatures features)
{
    /// <param name="tag">Says how the request counts.</param>
    public async Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, RequestTag tag, CancellationToken cancellationToken)
    {
        string what = $"reading {issue}";
        bool actors = features.AssignedActors;
        IReadOnlyList<string> labels = directory.FindRepositoryId(issue.Repository) is null ? directory.ManagedLabels : [];
        CallResult<GraphResponse<ReadIssueData>> result = await app.SendAsync<ReadIssueData>(
            tag, what, GraphDocuments.ReadIssue(labels.Count, actors), Variables(issue, labels), cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<IssueSnapshot>.RateLimited(limited);
        }

        GraphResponse<ReadIssueData> answer = result.Value!;
        if (answer.HasErrors && !IsReadable(answer))
        {
            if (actors && answer.Errors!.Any(e => GraphFailures.LacksField(e, ServerFeatures.AssignedActorsField)))
            {
                features.AssignedActors = false;
                return await ReadAsync(issue, tag, cancellationToken);
            }

            throw app.ToException(answer.Errors!, what);
        }

        return CallResult<IssueSnapshot>.Ok(Take(issue, answer.Data!, labels.Count, what));
    }

    /// <summary>A linked pull request in a repository that the credential cannot see is an error beside the issue, which is whole all the same.</summary>
    private static bool IsReadable(GraphResponse<ReadIssueData> answer) =>
        answer.Data?.Repository?.IssueOrPullRequest is not null && answer.Errors!.All(e => e.IsWithin("closedByPullRequestsReferences"));

    private static JsonObject Variables(IssueRef issue, IReadOnlyList<string> labels)
    {
        JsonObject variables = new() { ["owner"] = issue.Repository.Owner, ["name"] = issue.Repository.Name, ["number"] = issue.Number };
        for (int i = 0; i < labels.Count; i++)
        {
            variables[$"l{i}"] = labels[i];
        }

        return variables;
    }

    private IssueSnapshot Take(IssueRef issue, ReadIssueData data, int labelCount, string what)
    {
        if (data.Repository?.IssueOrPullRequest is not { } node)
        {
            throw GitHubFailures.NotFound(what, app.Setting);
        }

        identity.SetFromViewer(data.Viewer);
        if (labelCount > 0)
        {
            directory.Replace(issue.Repository, data.Repository.Id!, directory.ManagedLabels, Enumerable.Range(0, labelCount).Select(data.Repository.Label).OfType<LabelNode>());
        }

        directory.Add(issue.Repository, node.Labels?.Items ?? []);
        return mapper.Map(issue, node, node.Comments?.Items ?? []);
    }
}
