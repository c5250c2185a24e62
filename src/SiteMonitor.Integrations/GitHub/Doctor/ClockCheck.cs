using System.Globalization;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>
/// Whether this machine's clock agrees with GitHub's: an App's sign-in is refused a minute off, and limits are reckoned by GitHub's time.
/// </summary>
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
            ? [Judge((clocks.SystemTime.GetUtcNow() - gitHub).Duration())]
            : [Finding.Warning("GitHub's answer has no date.", "Compare the machine's clock with another one.")];
    }

    internal static Finding Judge(TimeSpan off)
    {
        // The header has whole seconds.
        string detail = FormattableString.Invariant($"The clock is {Math.Max(0, off.TotalSeconds - 1):0} s off GitHub's.");
        return off > Harmful ? Finding.Failure(detail,
            "Set the machine's clock (time synchronisation): GitHub refuses an App's sign-in, and waits end at the wrong time.")
            : off > Noticeable ? Finding.Warning(detail, "Switch time synchronisation on.")
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
