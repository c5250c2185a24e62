namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>A webhook as GitHub shows it: of a repository, or of an App.</summary>
/// <param name="Config"><c>url</c>, <c>content_type</c>, <c>secret</c> (masked) and <c>insecure_ssl</c>.</param>
internal sealed record WebhookConfiguration(bool Active, IReadOnlyDictionary<string, string?> Config, IReadOnlyList<string> Events)
{
    public const string Path = "/api/github/webhook";

    private static readonly string[] Needed = ["issues", "pull_request"];

    /// <summary>Whether it leads to us, as far as an address can tell.</summary>
    public bool IsForThisApp => Setting("url").Contains(Path, StringComparison.OrdinalIgnoreCase);

    public string Host => Uri.TryCreate(Setting("url"), UriKind.Absolute, out Uri? uri) ? uri.Host : "an address that is none";

    public IEnumerable<string> GetProblems()
    {
        if (!Active)
        {
            yield return "is switched off";
        }

        if (Setting("content_type") != "json")
        {
            yield return "has another content type than application/json";
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
