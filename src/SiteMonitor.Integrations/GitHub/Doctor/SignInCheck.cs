using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether GitHub answers, how fast, and who it says our two credentials are.</summary>
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

    private async Task<Finding> AskAsync(GitHubApiClient channel, bool mustBeUser, CancellationToken cancellationToken)
    {
        long start = clocks.SystemTime.GetTimestamp();
        try
        {
            CallResult<ViewerData> result = await channel.QueryAsync<ViewerData>(
                new RequestTag(RequestKind.Read, extra: true), $"asking who {channel.Setting} is", GraphDocuments.Viewer, [],
                cancellationToken);
            TimeSpan took = clocks.SystemTime.GetElapsedTime(start);
            return result.IsRateLimited
                ? Finding.Warning($"{channel.Setting}: a rate limit bars requests until {result.RetryAt:u}.",
                    "Wait until then; see who else uses this credential.")
                : Judge(channel.Setting, result.Value!.Viewer?.FullLogin ?? string.Empty, mustBeUser, took);
        }
        catch (PipelineException failure)
        {
            return Finding.Failure($"{channel.Setting}: {failure.Message}",
                $"Set {channel.Setting} anew, or check the way to GitHub:ApiBaseUrl.");
        }
    }

    private static Finding Judge(string setting, string login, bool mustBeUser, TimeSpan took)
    {
        string detail = FormattableString.Invariant($"{setting} is {login}, answered in {took.TotalMilliseconds:0} ms.");
        return mustBeUser && login.EndsWith("[bot]", StringComparison.Ordinal)
            ? Finding.Failure(detail,
                "Only a user's token can assign Copilot: set GitHub:CopilotToken to one of a user with a Copilot seat.")
            : took > Slow ? Finding.Warning(detail, "That is slow: check the network and githubstatus.com.") : Finding.Ok(detail);
    }
}
