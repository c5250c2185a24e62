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

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        (Finding app, string? appLogin) = await AskAsync(connections.App, mustBeUser: false, cancellationToken);
        (Finding user, string? userLogin) = await AskAsync(connections.User, mustBeUser: true, cancellationToken);
        bool areTwoTokensOfOneUser = appLogin is { Length: > 0 } && appLogin == userLogin
            && connections.App.Setting != connections.User.Setting;
        return areTwoTokensOfOneUser
            ? [app, user, Finding.Warning(
                $"{connections.App.Setting} and {connections.User.Setting} are two tokens of {appLogin}: GitHub counts them together, "
                    + "the pacing apart, so GitHub may refuse requests.",
                $"Leave {connections.User.Setting} empty, or set {connections.App.Setting} to a token of another user.")]
            : [app, user];
    }

    private async Task<(Finding Finding, string? Login)> AskAsync(
        GitHubApiClient client, bool mustBeUser, CancellationToken cancellationToken)
    {
        long start = clocks.SystemTime.GetTimestamp();
        try
        {
            CallResult<ViewerData> result = await client.QueryAsync<ViewerData>(
                new RequestTag(RequestKind.Read, extra: true), $"asking who {client.Setting} is", GraphDocuments.Viewer, [],
                cancellationToken);
            TimeSpan elapsed = clocks.SystemTime.GetElapsedTime(start);
            if (result.IsRateLimited)
            {
                return (Finding.Warning(
                    $"{client.Setting}: a rate limit, or an outage of GitHub, prevents requests until {result.RetryAt:u}.",
                    "Wait until then. GET health shows whether GitHub is down; if it is not, check what else uses this credential."), null);
            }

            string login = result.Value!.Viewer?.FullLogin ?? string.Empty;
            return (Judge(client.Setting, login, mustBeUser, elapsed), login);
        }
        catch (PipelineException failure)
        {
            return (Finding.Failure($"{client.Setting}: {failure.Message}",
                $"Set {client.Setting} again, or check the network and GitHub:ApiBaseUrl."), null);
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
