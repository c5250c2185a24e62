using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core.Doctor;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Http;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether each repository sends us what we need: address, events, content type, secret.</summary>
internal sealed class WebhookCheck(IOptions<GitHubOptions> options, GitHubConnections connections) : IDoctorCheck
{
    private const string Path = "/api/github/webhook";
    private static readonly string[] Events = ["issues", "pull_request"];

    public string Name => "webhook";

    public int Order => 60;

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
        try
        {
            CallResult<IReadOnlyList<RepositoryHook>> result = await connections.App.CallAsync(
                new RequestTag(RequestKind.Read, extra: true),
                $"listing the webhooks of {repository}",
                github => github.Repository.Hooks.GetAll(repository.Owner, repository.Name),
                cancellationToken);
            return result.Value is { } hooks
                ? Judge(repository, hooks.Where(h => Setting(h, "url").Contains(Path, StringComparison.OrdinalIgnoreCase)).ToArray())
                : Finding.Warning($"{repository}: a rate limit bars the look until {result.RetryAt:u}.", "Run the doctor again then.");
        }
        catch (PermanentFailureException)
        {
            return Finding.Warning(
                $"{repository}: {connections.App.Setting} may not list webhooks.",
                $"Look yourself (Settings, Webhooks, or the App's page): address …{Path}, content type application/json, events issues and pull requests, the secret of GitHub:WebhookSecret; or allow it to read webhooks.");
        }
    }

    private static Finding Judge(RepositoryRef repository, RepositoryHook[] ours)
    {
        if (ours.Length == 0)
        {
            return Finding.Warning(
                $"{repository} has no webhook of its own with an address that ends in {Path}.",
                "Add one (Settings, Webhooks) unless the GitHub App or the organization has it: content type application/json, events issues and pull requests, the secret of GitHub:WebhookSecret.");
        }

        string[] faults = [.. ours.SelectMany(Faults)];
        return faults.Length == 0
            ? Finding.Ok($"{repository} sends {string.Join(" and ", Events)} to {Host(ours[0])}. GitHub never shows the secret: 'Recent deliveries' there tells whether it is the right one.")
            : Finding.Failure($"{repository}: the webhook {string.Join("; ", faults)}.", "Put it right in Settings, Webhooks.");
    }

    private static IEnumerable<string> Faults(RepositoryHook hook)
    {
        if (!hook.Active)
        {
            yield return "is switched off";
        }

        if (Setting(hook, "content_type") != "json")
        {
            yield return "has another content type than application/json";
        }

        if (Setting(hook, "secret").Length == 0)
        {
            yield return "has no secret, so that every delivery is refused";
        }

        if (Setting(hook, "insecure_ssl") == "1")
        {
            yield return "does not check certificates";
        }

        string[] absent = [.. Events.Where(e => !hook.Events.Contains(e) && !hook.Events.Contains("*"))];
        if (absent.Length > 0)
        {
            yield return $"does not send {string.Join(", ", absent)}";
        }
    }

    private static string Host(RepositoryHook hook) => Uri.TryCreate(Setting(hook, "url"), UriKind.Absolute, out Uri? uri) ? uri.Host : "an address that is none";

    private static string Setting(RepositoryHook hook, string name) => hook.Config.TryGetValue(name, out string? value) ? value ?? string.Empty : string.Empty;
}
