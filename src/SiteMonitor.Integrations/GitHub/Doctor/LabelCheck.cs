using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core.Doctor;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Issues;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether each repository has the labels we write and people use; creates the missing ones when asked to.</summary>
internal sealed class LabelCheck(IOptions<GitHubOptions> options, GitHubConnections connections, SpecialistCatalogue catalogue) : IDoctorCheck
{
    public string Name => "labels";

    public int Order => 50;

    private IEnumerable<string> Wanted =>
        new[] { WorkflowLabels.SiteMonitor, WorkflowLabels.CopilotAssigned, WorkflowLabels.Completed, WorkflowLabels.Urgent }
            .Concat(WorkflowLabels.ShortLived)
            .Concat(WorkflowLabels.Holding)
            .Concat(catalogue.Specialists.Select(s => s.Label))
            .Distinct(StringComparer.OrdinalIgnoreCase);

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (RepositoryRef repository in options.Value.Repositories.Select(RepositoryRef.Parse))
        {
            findings.Add(await LookAsync(repository, fix, cancellationToken));
        }

        return findings;
    }

    private async Task<Finding> LookAsync(RepositoryRef repository, bool fix, CancellationToken cancellationToken)
    {
        CallResult<IReadOnlyList<Label>> result = await connections.App.CallAsync(
            new RequestTag(RequestKind.Read, extra: true),
            $"listing the labels of {repository}",
            github => github.Issue.Labels.GetAllForRepository(repository.Owner, repository.Name, new ApiOptions { PageSize = 100 }),
            cancellationToken);
        if (result.Value is not { } present)
        {
            return Finding.Warning($"{repository}: a rate limit bars the look until {result.RetryAt:u}.", "Run the doctor again then.");
        }

        string[] missing = [.. Wanted.Except(present.Select(l => l.Name), StringComparer.OrdinalIgnoreCase)];
        return missing.Length == 0 ? Finding.Ok($"{repository} has all labels.")
            : fix ? await CreateAsync(repository, missing, cancellationToken)
            : Finding.Warning($"{repository} lacks {string.Join(", ", missing)}.", "Run 'sitemonitor doctor --fix', or let the pipeline create each when it first needs it.");
    }

    private async Task<Finding> CreateAsync(RepositoryRef repository, IEnumerable<string> missing, CancellationToken cancellationToken)
    {
        List<string> created = [];
        foreach (string label in missing)
        {
            LabelStyle style = LabelStyle.For(label);
            CallResult<Label> result = await connections.App.CallAsync(
                new RequestTag(RequestKind.Write, extra: true),
                $"creating the label {label} in {repository}",
                github => github.Issue.Labels.Create(repository.Owner, repository.Name, new NewLabel(label, style.Color) { Description = style.Description }),
                cancellationToken);
            if (result.IsLimited)
            {
                return Finding.Warning($"{repository}: created {created.Count} labels, then a rate limit barred the rest until {result.RetryAt:u}.", "Run 'sitemonitor doctor --fix' again then.");
            }

            created.Add(label);
        }

        return Finding.Ok($"{repository}: created {string.Join(", ", created)}.");
    }
}
