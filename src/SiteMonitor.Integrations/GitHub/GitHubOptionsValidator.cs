using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.GitHub.SignIn;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

internal sealed class GitHubOptionsValidator : IValidateOptions<GitHubOptions>
{
    private const int LeastMarkerKeyLength = 16;

    public ValidateOptionsResult Validate(string? name, GitHubOptions options)
    {
        SettingsProblems problems = new(GitHubOptions.Section, options);
        problems.RequireAddress(nameof(options.ApiBaseUrl), options.ApiBaseUrl);
        CheckSignIn(options, problems);
        CheckCopilotToken(options, problems);
        problems.AddIf(string.IsNullOrWhiteSpace(options.WebhookSecret), nameof(options.WebhookSecret),
            "missing: set the secret that the webhook signs its deliveries with.");
        problems.AddIf(options.MarkerKey.Length is > 0 and < LeastMarkerKeyLength, nameof(options.MarkerKey),
            $"must have at least {LeastMarkerKeyLength} characters, or be left empty.");
        for (int i = 0; i < options.Repositories.Length; i++)
        {
            problems.AddIf(!RepositoryRef.TryParse(options.Repositories[i], out _), $"{nameof(options.Repositories)}:{i}",
                "is not a repository: write owner/name.");
        }

        CheckRanges(options, problems);
        return problems.ToResult();
    }

    private static void CheckSignIn(GitHubOptions options, SettingsProblems problems)
    {
        if (!options.UsesApp)
        {
            problems.AddIf(options.Token.Length == 0, nameof(options.Token),
                "missing: set a token that may read and write issues, or GitHub:AppId, GitHub:PrivateKey and GitHub:InstallationId.");
            CheckHeaderValue(options.Token, nameof(options.Token), problems);
            return;
        }

        problems.AddIf(options.Token.Length > 0, nameof(options.Token), "set either the token or the App's settings, not both.");
        problems.AddIf(options.AppId.Length == 0, nameof(options.AppId), "missing: the App's id or client id, from its settings page.");
        problems.AddIf(PastedText.HasForeignCharacters(options.AppId), nameof(options.AppId),
            "has characters an id never has: check for spaces, quotes and line ends.");
        problems.AddIf(!long.TryParse(options.InstallationId, out long id) || id <= 0, nameof(options.InstallationId),
            "must be the number at the end of the installation's address.");
        problems.AddIf(!IsRsaKey(options.PrivateKey), nameof(options.PrivateKey),
            "must be the App's RSA private key in PEM form (line ends may be written as \\n).");
    }

    private static void CheckCopilotToken(GitHubOptions options, SettingsProblems problems)
    {
        problems.AddIf(GitHubOptions.IsInstallationToken(options.CopilotToken), nameof(options.CopilotToken),
            "is an installation token, which GitHub refuses here: set the token of a user with a Copilot seat.");
        problems.AddIf(
            options.EffectiveCopilotToken.Length == 0 && (options.UsesApp || options.Token.Length > 0),
            nameof(options.CopilotToken),
            "missing: set the token of a user with a Copilot seat; only a user's token can assign the coding agent.");
        CheckHeaderValue(options.CopilotToken, nameof(options.CopilotToken), problems);
    }

    private static void CheckHeaderValue(string token, string setting, SettingsProblems problems) =>
        problems.AddIf(PastedText.HasForeignCharacters(token), setting,
            "has characters a token never has: check for spaces, quotes and line ends.");

    private static void CheckRanges(GitHubOptions options, SettingsProblems problems)
    {
        problems.RequireBetween(nameof(options.WriteInterval), options.WriteInterval, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        problems.RequireBetween(nameof(options.MaxQueueWait), options.MaxQueueWait, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        problems.RequireBetween(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(100),
            TimeSpan.FromMinutes(1));
        problems.RequireBetween(nameof(options.ReadRetries), options.ReadRetries, 0, 5);
        problems.RequireBetween(nameof(options.MaxConcurrentRequests), options.MaxConcurrentRequests, 1, 100);
        problems.RequireBetween(nameof(options.MaxInstances), options.MaxInstances, 1, 1000);
        RequireLimit(nameof(GitHubLimits.ContentPerMinute), options.Limits.ContentPerMinute, problems);
        RequireLimit(nameof(GitHubLimits.ContentPerHour), options.Limits.ContentPerHour, problems);
        RequireLimit(nameof(GitHubLimits.RequestsPerHour), options.Limits.RequestsPerHour, problems);
        RequireLimit(nameof(GitHubLimits.PointsPerMinute), options.Limits.PointsPerMinute, problems, RequestCost.WritePoints);
        problems.RequireBetween($"{nameof(options.Limits)}:{nameof(GitHubLimits.TimeScale)}", options.Limits.TimeScale, 1, 1_000_000);
    }

    private static void RequireLimit(string setting, int value, SettingsProblems problems, int least = 1) =>
        problems.RequireBetween($"{nameof(GitHubOptions.Limits)}:{setting}", value, least, 10_000_000);

    private static bool IsRsaKey(string pem)
    {
        try
        {
            using RSA rsa = PrivateKeyPem.Import(pem);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
