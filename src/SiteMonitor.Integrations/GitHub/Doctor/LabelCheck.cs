using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks that each repository has the workflow's labels; creates missing ones on request.</summary>
internal sealed class LabelCheck(
    RepositoryCheckRunner repositories, GitHubConnections connections, SpecialistCatalogue catalogue, RolloutLabels rollout) : IDoctorCheck
{
    public string Name => "labels";

    public int Order => 50;

    private IEnumerable<string> Wanted =>
        WorkflowLabels.Reserved.Concat(catalogue.Specialists.Select(s => s.Label)).Concat(rollout.Names)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    public Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) =>
        repositories.RunAsync(repository => AskAsync(repository, cancellationToken),
            (repository, present) => JudgeAsync(repository, present, fix, cancellationToken));

    private Task<CallResult<IReadOnlyList<Label>>> AskAsync(RepositoryRef repository, CancellationToken cancellationToken) =>
        connections.App.CallAsync(
        new RequestTag(RequestKind.Read, extra: true),
        $"listing the labels of {repository}",
        github => github.Issue.Labels.GetAllForRepository(repository.Owner, repository.Name, new ApiOptions { PageSize = 100 }),
        cancellationToken);

    private async Task<Finding> JudgeAsync(
        RepositoryRef repository, IReadOnlyList<Label> present, bool fix, CancellationToken cancellationToken)
    {
        string[] missing = [.. Wanted.Except(present.Select(l => l.Name), StringComparer.OrdinalIgnoreCase)];
        return missing.Length == 0 ? Finding.Ok($"{repository} has all labels.")
            : fix ? await CreateAsync(repository, missing, cancellationToken)
            : Finding.Warning($"{repository} lacks {string.Join(", ", missing)}.",
                "Run 'sitemonitor doctor --fix', or let the pipeline create each when it first needs it.");
    }

    private async Task<Finding> CreateAsync(RepositoryRef repository, IEnumerable<string> missing, CancellationToken cancellationToken)
    {
        List<string> created = [];
        foreach (string label in missing)
        {
            LabelStyle style = rollout.Names.Contains(label) ? LabelStyle.Rollout : LabelStyle.For(label);
            CallResult<Label> result = await connections.App.CallAsync(
                new RequestTag(RequestKind.Write, extra: true),
                $"creating the label {label} in {repository}",
                github => github.Issue.Labels.Create(repository.Owner, repository.Name,
                    new NewLabel(label, style.Color) { Description = style.Description }),
                cancellationToken);
            if (result.IsRateLimited)
            {
                return Finding.Warning($"{repository}: created {created.Count} labels, " +
                    $"then a rate limit prevented the rest until {result.RetryAt:u}.", "Run 'sitemonitor doctor --fix' again then.");
            }

            created.Add(label);
        }

        return Finding.Ok($"{repository}: created {string.Join(", ", created)}.");
    }
}

/// <summary>Labels that the rollout selects issues by.</summary>
internal sealed record RolloutLabels(IReadOnlyList<string> Names);
