using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Doctor;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Issues;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether the user's credential is offered the Copilot coding agent in each repository.</summary>
internal sealed class CopilotCheck(IOptions<GitHubOptions> options, GitHubConnections connections) : IDoctorCheck
{
    private const string Advice = "Enable the coding agent for the repository, and give the user of GitHub:CopilotToken a Copilot seat; until then issues get their instructions, and stay with a person.";

    public string Name => "copilot";

    public int Order => 40;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (RepositoryRef repository in options.Value.Repositories.Select(RepositoryRef.Parse))
        {
            findings.Add(await LookAsync(repository, cancellationToken));
        }

        return findings;
    }

    private async Task<Finding> LookAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        CallResult<FindCopilotData> found = await connections.User.QueryAsync<FindCopilotData>(
            new RequestTag(RequestKind.Read, extra: true) { Headers = CopilotAssigner.FeatureHeader },
            $"looking for Copilot in {repository}",
            GraphDocuments.FindCopilot,
            new JsonObject { ["owner"] = repository.Owner, ["name"] = repository.Name },
            cancellationToken);
        return found.Value is not { } data
            ? Finding.Warning($"{repository}: a rate limit bars the look until {found.RetryAt:u}.", "Run the doctor again then.")
            : data.Repository?.SuggestedActors?.Present.Any(a => a.Type == "Bot" && CopilotLogin.IsCopilot(a.Login)) == true
                ? Finding.Ok($"The Copilot coding agent can be assigned in {repository}.")
                : Finding.Failure($"GitHub does not offer the Copilot coding agent in {repository}.", Advice);
    }
}
