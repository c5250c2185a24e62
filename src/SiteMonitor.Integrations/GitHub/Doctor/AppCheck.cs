using Octokit;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks whether the App's installation has the permissions that SiteMonitor needs. Skipped if a token is used instead.</summary>
internal sealed class AppCheck(AppInstallation registration) : IDoctorCheck
{
    public string Name => "app";

    public int Order => 22;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) =>
        await registration.GetInstallationAsync(cancellationToken) switch
    {
        null => [],
        { Value: { } installation } => [Judge(installation)],
        var limited =>
            [Finding.Warning($"A rate limit prevents reading the installation until {limited.RetryAt:u}.", "Run the doctor again then.")],
    };

    private static Finding Judge(Installation installation)
    {
        string[] missing = [.. Missing(installation.Permissions)];
        return installation.SuspendedAt is not null
            ? Finding.Failure("The App's installation is suspended.",
                "Ask an owner of the organization to unsuspend it (Settings, GitHub Apps).")
            : missing.Length > 0
                ? Finding.Failure($"The App's installation lacks {string.Join(" and ", missing)}.",
                    "Set it on the App's page (Permissions), and ask the owner to accept the new permissions.")
                : Finding.Ok("The App's installation may read and write issues, and read pull requests.");
    }

    private static IEnumerable<string> Missing(InstallationPermissions given)
    {
        if (given.Issues?.Value != InstallationReadWritePermissionLevel.Write)
        {
            yield return "Issues: read and write";
        }

        if (given.PullRequests is null)
        {
            yield return "Pull requests: read";
        }
    }
}
