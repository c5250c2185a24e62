using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Reports settings that are valid but questionable. Missing and invalid settings prevent the start.</summary>
internal sealed class SettingsDoctorCheck(IOptions<GitHubOptions> options) : IDoctorCheck
{
    private const int LongEnough = 16;

    public string Name => "settings";

    public int Order => 10;

    public Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        GitHubOptions gitHub = options.Value;
        List<Finding> findings = [Finding.Ok("All settings that are needed are there and can be read.")];
        if (gitHub.MarkerKey.Length == 0)
        {
            findings.Add(Finding.Warning(
                "GitHub:MarkerKey is empty: our sections in issues are known by a key derived from the webhook secret.",
                "Set it before you ever change GitHub:WebhookSecret, or sections written until then are taken for strangers' text."));
        }

        if (gitHub.WebhookSecret.Length < LongEnough)
        {
            findings.Add(Finding.Warning($"GitHub:WebhookSecret has fewer than {LongEnough} characters.",
                "Take a random one: openssl rand -hex 32."));
        }

        findings.AddRange(gitHub.GetWarnings().Select(warning => Finding.Warning(warning.Detail, warning.Advice)));
        return Task.FromResult<IReadOnlyList<Finding>>(findings);
    }
}
