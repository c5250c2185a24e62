using System.Globalization;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Compares the system clock with GitHub's: GitHub rejects an App's sign-in when they differ by more than a minute.</summary>
internal sealed class ClockCheck(GitHubConnections connections, GitHubClocks clocks) : IDoctorCheck
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Harmful = TimeSpan.FromSeconds(60);

    public string Name => "clock";

    public int Order => 25;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        CallResult<DateTimeOffset?> result = await connections.App.CallAsync(
            new RequestTag(RequestKind.Read, extra: true), "asking for the rate limits", _ => DateAsync(), cancellationToken);
        return result.Value is { } gitHub
            ? [Judge((clocks.SystemTime.GetUtcNow() - gitHub).Duration(), connections.App.Rest.BaseAddress.IsLoopback)]
            : [Finding.Warning("GitHub's answer has no date.", "Compare the machine's clock with another one.")];
    }

    /// <param name="isSandbox">The address is on this machine: a sandbox, whose clock `clock advance` moves ahead of the machine's.</param>
    internal static Finding Judge(TimeSpan off, bool isSandbox = false)
    {
        // The header has whole seconds.
        string detail = FormattableString.Invariant($"The clock is {Math.Max(0, off.TotalSeconds - 1):0} s off GitHub's.");
        return isSandbox && off > Noticeable
            ? Finding.Warning(detail, "No action is needed if `clock advance` moved the sandbox's clock.")
            : off > Harmful
            ? Finding.Failure(
                detail,
                "Correct the machine's clock (time synchronization): GitHub refuses an App's sign-in, and waits end at the wrong time.")
            : off > Noticeable ? Finding.Warning(detail, "Enable time synchronization.")
            : Finding.Ok(detail);
    }

    private async Task<DateTimeOffset?> DateAsync()
    {
        IApiResponse<string> answer = await connections.App.Rest.Get<string>(new Uri("rate_limit", UriKind.Relative),
            new Dictionary<string, string>());
        string? date = answer.HttpResponse.Headers.FirstOrDefault(h => h.Key.Equals("Date", StringComparison.OrdinalIgnoreCase)).Value;
        return DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, out DateTimeOffset time) ? time : null;
    }
}
