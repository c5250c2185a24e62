using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks that GitHub offers the user the Copilot coding agent in each repository.</summary>
internal sealed class CopilotCheck(RepositoryCheckRunner repositories, GitHubConnections connections) : IDoctorCheck
{
    private const string Advice = "Enable the coding agent for the repository, and give the user of GitHub:CopilotToken a Copilot seat; " +
        "until then issues get their instructions and wait for a person.";

    public string Name => "copilot";

    public int Order => 40;

    public Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) =>
        repositories.RunAsync(repository => AskAsync(repository, cancellationToken), Judge);

    private Task<CallResult<FindCopilotData>> AskAsync(RepositoryRef repository, CancellationToken cancellationToken) =>
        connections.User.QueryAsync<FindCopilotData>(
        new RequestTag(RequestKind.Read, extra: true) { Headers = CopilotAgentIds.FeatureHeader },
        $"looking for Copilot in {repository}",
        GraphDocuments.FindCopilot,
        new JsonObject { ["owner"] = repository.Owner, ["name"] = repository.Name },
        cancellationToken);

    private static Finding Judge(RepositoryRef repository, FindCopilotData data) =>
        data.AgentId is not null
            ? Finding.Ok($"The Copilot coding agent can be assigned in {repository}.")
            : Finding.Failure($"GitHub does not offer the Copilot coding agent in {repository}.", Advice);
}
