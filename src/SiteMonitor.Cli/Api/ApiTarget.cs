namespace SiteMonitor.Cli.Api;

/// <summary>Identifies the application that commands talk to.</summary>
/// <param name="Url">Ends with a slash; without the route prefix.</param>
/// <param name="Key">The function key; null if none was found.</param>
/// <param name="WebhookSecret">The secret of a sandbox on this machine; null otherwise.</param>
/// <param name="Repository">The default repository; null if unknown.</param>
/// <param name="FlagsFile">The feature flags of a host on this machine; null if it keeps them elsewhere.</param>
internal sealed record ApiTarget(Uri Url, string? Key, string? WebhookSecret, string? Repository, string? FlagsFile);

/// <summary>Finds the application and its key: in options, then environment variables, then the files of a host on this machine.</summary>
internal static class ApiTargetFinder
{
    public const string UrlVariable = "SITEMONITOR_URL";
    public const string KeyVariable = "SITEMONITOR_KEY";
    public const string RepositoryVariable = "SITEMONITOR_REPO";

    private static readonly Uri DefaultUrl = new("http://localhost:7071/");

    /// <exception cref="UsageException">The address is invalid, or a file of the host cannot be read.</exception>
    public static ApiTarget Find(Terminal terminal, string? url, string? key)
    {
        LocalHostFiles files = LocalHostFiles.Find(terminal.WorkingDirectory);
        string? givenUrl = FirstNonEmpty(url, terminal.Environment(UrlVariable));
        Uri address = givenUrl is null ? files.Url ?? DefaultUrl : ParseUrl(givenUrl);

        // The key of a host on this machine is never sent to another machine.
        LocalHostFiles? usableFiles = address.IsLoopback ? files : null;
        return new ApiTarget(
            new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
            CheckKey(FirstNonEmpty(key, terminal.Environment(KeyVariable), usableFiles?.FunctionKey)?.Trim()),
            usableFiles?.WebhookSecret,
            FirstNonEmpty(terminal.Environment(RepositoryVariable), usableFiles?.Repository),
            usableFiles?.FlagsFile);
    }

    private static string? FirstNonEmpty(params ReadOnlySpan<string?> values)
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

    private static string? CheckKey(string? key) => key is null || key.All(c => c is > ' ' and <= '~')
        ? key
        : throw new UsageException($"The function key has a character that no key has; copy it again to --key or {KeyVariable}.");

    private static Uri ParseUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && address is { Query.Length: 0, Fragment.Length: 0 }
            ? address
            : throw new UsageException($"--url: '{url}' is not a valid address; use the form https://my-app.azurewebsites.net.");
}
