namespace SiteMonitor.Cli.Api;

/// <summary>The application to talk to.</summary>
/// <param name="Url">With a slash at the end, without the route prefix.</param>
/// <param name="Key">The function key; null when none was found.</param>
/// <param name="WebhookSecret">Of a sandbox on this machine; null otherwise.</param>
/// <param name="Repository">The one repository of a host on this machine; null when unknown.</param>
internal sealed record ApiTarget(Uri Url, string? Key, string? WebhookSecret, string? Repository);

/// <summary>Finds the application and its key: options first, then environment, then the files of a host on this machine.</summary>
internal static class ApiTargetFinder
{
    public const string UrlVariable = "SITEMONITOR_URL";
    public const string KeyVariable = "SITEMONITOR_KEY";
    public const string RepositoryVariable = "SITEMONITOR_REPO";

    private static readonly Uri DefaultUrl = new("http://localhost:7071/");

    /// <exception cref="UsageException">The address is none.</exception>
    public static ApiTarget Find(Terminal terminal, string? url, string? key)
    {
        LocalHostFiles local = LocalHostFiles.Find(terminal.WorkingDirectory);
        string? given = First(url, terminal.Environment(UrlVariable));
        Uri address = given is null ? local.Url ?? DefaultUrl : Parse(given);

        // A key made for this machine is never sent to another.
        LocalHostFiles? mine = address.IsLoopback ? local : null;
        return new ApiTarget(
            new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
            First(key, terminal.Environment(KeyVariable), mine?.FunctionKey),
            mine?.WebhookSecret,
            First(terminal.Environment(RepositoryVariable), mine?.Repository));
    }

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (string? value in values)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                return value;
            }
        }

        return null;
    }

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address is { Query.Length: 0, Fragment.Length: 0 }
            ? address
            : throw new UsageException($"--url: '{url}' is no address of an application; write it like https://my-app.azurewebsites.net.");
}
