using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Workflows;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>Enables and disables workflows over REST. Reads the state first, so that nothing is written when it is already right.</summary>
internal sealed class OctokitWorkflowSwitch(GitHubConnections connections, RepositoryNames names) : IWorkflowSwitch
{
    private const string Active = "active";

    public async Task<WorkflowChange> SetAsync(
        RepositoryRef repository, string file, bool enabled, bool dryRun, CancellationToken cancellationToken)
    {
        WorkflowChange Became(WorkflowChangeResult result, string detail = "") => new(repository.ToString(), file, enabled, result, detail);
        try
        {
            RepositoryRef current = names.FindCurrentName(await names.FindKeyAsync(repository, cancellationToken));
            CallResult<Workflow> found = await connections.App.CallAsync(
                new RequestTag(RequestKind.Read), $"reading the workflow {file} of {repository}",
                client => client.Actions.Workflows.Get(current.Owner, current.Name, file), cancellationToken);
            if (found.RetryAt is { } later)
            {
                return Became(WorkflowChangeResult.Failed, $"GitHub's rate limit prevents it until {later:u}");
            }

            if ((found.Value!.State.StringValue == Active) == enabled)
            {
                return Became(WorkflowChangeResult.AsWanted);
            }

            if (dryRun)
            {
                return Became(WorkflowChangeResult.Planned);
            }

            CallResult<bool> switched = await connections.App.CallAsync(
                new RequestTag(RequestKind.Write), $"switching the workflow {file} of {repository}",
                client => SwitchAsync(client.Actions.Workflows, current, file, enabled), cancellationToken);
            return switched.RetryAt is { } bar
                ? Became(WorkflowChangeResult.Failed, $"GitHub's rate limit prevents it until {bar:u}")
                : Became(WorkflowChangeResult.Done);
        }
        catch (PipelineException failure)
        {
            return Became(WorkflowChangeResult.Failed, Explain(failure));
        }
    }

    private static async Task<bool> SwitchAsync(IActionsWorkflowsClient client, RepositoryRef repository, string file, bool enabled)
    {
        await (enabled ? client.Enable(repository.Owner, repository.Name, file) : client.Disable(repository.Owner, repository.Name, file));
        return true;
    }

    private static string Explain(PipelineException failure) => failure.Code switch
    {
        "github-forbidden" => "the credential may not switch workflows: give it write access to Actions",
        "github-not-found" => "there is no such workflow in the repository, or the credential may not see it (it needs access to Actions)",
        _ => failure.Message,
    };
}
