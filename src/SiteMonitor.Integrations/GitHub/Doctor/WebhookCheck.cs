using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks the webhook of the App or of each repository: address, events, content type, secret.</summary>
internal sealed class WebhookCheck(
    RepositoryCheckRunner repositories, GitHubConnections connections, AppInstallation registration) : IDoctorCheck
{
    private const string Right = $"address …{WebhookConfiguration.Path}, content type application/json, events issues and pull requests, " +
        "the secret of GitHub:WebhookSecret";

    public string Name => "webhook";

    public int Order => 60;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) =>
        await registration.GetWebhookAsync(cancellationToken) is { IsForThisApp: true } hook
            ? [Judge("the App", [hook])]
            : await repositories.RunAsync(repository => AskAsync(repository, cancellationToken), Judge);

    private async Task<CallResult<Hooks>> AskAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        try
        {
            return await connections.App.CallAsync(
                new RequestTag(RequestKind.Read, extra: true), $"listing the webhooks of {repository}",
                github => ReadAsync(github, repository), cancellationToken);
        }
        catch (PermanentFailureException)
        {
            return CallResult<Hooks>.Ok(new Hooks(null));
        }
    }

    private static async Task<Hooks> ReadAsync(IGitHubClient github, RepositoryRef repository) =>
        new([.. (await github.Repository.Hooks.GetAll(repository.Owner, repository.Name))
            .Select(h => new WebhookConfiguration(h.Active, h.Config!, h.Events)).Where(h => h.IsForThisApp)]);

    private Finding Judge(RepositoryRef repository, Hooks found) => found.Ours switch
    {
        null => Finding.Warning($"{repository}: {connections.App.Setting} may not list webhooks.",
            $"Check it yourself (Settings, Webhooks, or the App's page): {Right}; or allow it to read webhooks."),
        [] => Finding.Warning(
            $"{repository} has no webhook of its own with an address that ends in {WebhookConfiguration.Path}.",
            $"Add one (Settings, Webhooks) unless the GitHub App or the organization has it: {Right}."),
        var ours => Judge(repository.ToString(), ours),
    };

    private static Finding Judge(string sender, IReadOnlyList<WebhookConfiguration> ours)
    {
        string[] faults = [.. ours.SelectMany(hook => hook.GetProblems())];
        return faults.Length == 0
            ? Finding.Ok($"{sender} sends issues and pull_request to {ours[0].Host}. GitHub never shows the secret: " +
                "'Recent deliveries' there shows whether it is right.")
            : Finding.Failure($"{sender}: the webhook {string.Join("; ", faults)}.", $"Correct the webhook's settings: {Right}.");
    }

    /// <param name="Ours">Those that lead to us; null when they may not be looked at.</param>
    private sealed record Hooks(IReadOnlyList<WebhookConfiguration>? Ours);
}

/// <summary>Configuration of a webhook of a repository or an App.</summary>
/// <param name="Config"><c>url</c>, <c>content_type</c>, <c>secret</c> (masked) and <c>insecure_ssl</c>.</param>
internal sealed record WebhookConfiguration(bool Active, IReadOnlyDictionary<string, string?> Config, IReadOnlyList<string> Events)
{
    public const string Path = "/api/github/webhook";

    private static readonly string[] Needed = ["issues", "pull_request"];

    /// <summary>Whether it leads to this app, judging by the address's path.</summary>
    public bool IsForThisApp => Setting("url").Contains(Path, StringComparison.OrdinalIgnoreCase);

    public string Host => Uri.TryCreate(Setting("url"), UriKind.Absolute, out Uri? uri) ? uri.Host : "an invalid address";

    public IEnumerable<string> GetProblems()
    {
        if (!Active)
        {
            yield return "is switched off";
        }

        if (Setting("content_type") != "json")
        {
            yield return "has a content type other than application/json";
        }

        if (Setting("secret").Length == 0)
        {
            yield return "has no secret, so that every delivery is refused";
        }

        if (Setting("insecure_ssl") == "1")
        {
            yield return "does not check certificates";
        }

        string[] absent = Events.Contains("*") ? [] : [.. Needed.Except(Events)];
        if (absent.Length > 0)
        {
            yield return $"does not send {string.Join(", ", absent)}";
        }
    }

    private string Setting(string name) => Config.GetValueOrDefault(name) ?? string.Empty;
}
