using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Looks up the node ids for the labels of a write, and creates missing labels. Its requests count as extra.</summary>
internal sealed class LabelResolver(GitHubApiClient app, LabelIdCache labelIds, OwnIdentity identity, RepositoryNames repositories)
{
    /// <summary>Fills the cache with every label of <paramref name="change"/> but removed ones that do not exist.</summary>
    /// <returns>When to try again if a limit bars it; null when done.</returns>
    public async Task<DateTimeOffset?> EnsureLabelsAsync(RepositoryRef repository, IssueChange change, CancellationToken cancellationToken)
    {
        bool known = labelIds.FindRepositoryId(repository) is not null && change.RemoveLabels.All(l => labelIds.IsKnown(repository, l));
        if (!known && await LookUpAsync(repository, change, cancellationToken) is { } limited)
        {
            return limited;
        }

        List<string> missing = [.. change.AddLabels.Where(l => labelIds.FindLabelId(repository, l) is null)];
        return missing.Count == 0 ? null : await CreateAsync(repository, missing, cancellationToken);
    }

    private async Task<DateTimeOffset?> LookUpAsync(RepositoryRef repository, IssueChange change, CancellationToken cancellationToken)
    {
        string what = $"looking up labels of {repository}";
        List<string> names =
            [.. labelIds.ManagedLabels.Concat(change.AddLabels).Concat(change.RemoveLabels).Distinct(StringComparer.OrdinalIgnoreCase)];
        RepositoryRef current = repositories.FindCurrentName(repository);
        JsonObject variables = new() { ["owner"] = current.Owner, ["name"] = current.Name };
        for (int i = 0; i < names.Count; i++)
        {
            variables[$"l{i}"] = names[i];
        }

        CallResult<LabelsData> result = await app.QueryAsync<LabelsData>(
            new RequestTag(RequestKind.Read, extra: true), what, GraphDocuments.ReadLabels(names.Count), variables, cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return limited;
        }

        RepositoryNode found = result.Value!.Repository ?? throw GitHubFailures.NotFound(what, app.Setting);
        identity.SetFromViewer(result.Value.Viewer);
        labelIds.Replace(repository, found.Id!, names, Enumerable.Range(0, names.Count).Select(found.Label).OfType<LabelNode>());
        return null;
    }

    private async Task<DateTimeOffset?> CreateAsync(RepositoryRef repository, List<string> labels, CancellationToken cancellationToken)
    {
        string what = $"creating labels in {repository}";
        JsonObject variables = [];
        for (int i = 0; i < labels.Count; i++)
        {
            LabelStyle style = LabelStyle.For(labels[i]);
            variables[$"l{i}"] = new JsonObject
            {
                ["repositoryId"] = labelIds.FindRepositoryId(repository), ["name"] = labels[i], ["color"] = style.Color,
                ["description"] = style.Description,
            };
        }

        CallResult<GraphResponse<CreateLabelsData>> result = await app.SendAsync<CreateLabelsData>(
            new RequestTag(RequestKind.Write, extra: true), what, GraphDocuments.CreateLabels(labels.Count), variables, cancellationToken);
        if (result.RetryAt is { } limited)
        {
            // Some may have been created before the limit was hit: the next try looks all of them up.
            labelIds.Invalidate(repository);
            return limited;
        }

        GraphResponse<CreateLabelsData> answer = result.Value!;
        labelIds.Add(repository, answer.Data?.Created ?? []);
        if (answer.HasErrors)
        {
            // Somebody may have created one at the same moment: the next try looks all of them up.
            labelIds.Invalidate(repository);
            throw answer.Errors!.All(e => e.Type == "UNPROCESSABLE")
                ? new TransientFailureException("github-label-race",
                    $"GitHub refused a label while {what}; the next attempt checks whether it exists now.")
                : app.ToException(answer.Errors!, what);
        }

        return null;
    }
}
