using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks that GitHub answers, how fast, and whose our two credentials are.</summary>
internal sealed class SignInCheck(GitHubConnections connections, GitHubClocks clocks) : IDoctorCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    public string Name => "sign-in";

    public int Order => 20;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) =>
    [
        await AskAsync(connections.App, mustBeUser: false, cancellationToken),
        await AskAsync(connections.User, mustBeUser: true, cancellationToken),
    ];

    private async Task<Finding> AskAsync(GitHubApiClient client, bool mustBeUser, CancellationToken cancellationToken)
    {
        long start = clocks.SystemTime.GetTimestamp();
        try
        {
            CallResult<ViewerData> result = await client.QueryAsync<ViewerData>(
                new RequestTag(RequestKind.Read, extra: true), $"asking who {client.Setting} is", GraphDocuments.Viewer, [],
                cancellationToken);
            TimeSpan elapsed = clocks.SystemTime.GetElapsedTime(start);
            return result.IsRateLimited
                ? Finding.Warning($"{client.Setting}: a rate limit, or an outage of GitHub, prevents requests until {result.RetryAt:u}.",
                    "Wait until then. GET health shows whether GitHub is down; if it is not, check what else uses this credential.")
                : Judge(client.Setting, result.Value!.Viewer?.FullLogin ?? string.Empty, mustBeUser, elapsed);
        }
        catch (PipelineException failure)
        {
            return Finding.Failure($"{client.Setting}: {failure.Message}",
                $"Set {client.Setting} again, or check the network and GitHub:ApiBaseUrl.");
        }
    }

    private static Finding Judge(string setting, string login, bool mustBeUser, TimeSpan elapsed)
    {
        string detail = FormattableString.Invariant($"{setting} is {login}, answered in {elapsed.TotalMilliseconds:0} ms.");
        return mustBeUser && login.EndsWith("[bot]", StringComparison.Ordinal)
            ? Finding.Failure(detail,
                "Only a user's token can assign Copilot: set GitHub:CopilotToken to one of a user with a Copilot seat.")
            : elapsed > Slow ? Finding.Warning(detail, "That is slow: check the network and githubstatus.com.") : Finding.Ok(detail);
    }
}
