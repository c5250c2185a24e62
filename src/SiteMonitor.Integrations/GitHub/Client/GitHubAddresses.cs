namespace SiteMonitor.Integrations.GitHub.Client;

/// <summary>API addresses of a GitHub server. GitHub Enterprise Server has them below <c>/api/v3/</c> and <c>/api/graphql</c>.</summary>
internal sealed record GitHubAddresses(Uri Rest, Uri Graph)
{
    private const string ServerPath = "/api/v3/";
    private const string DataResidency = ".ghe.com";

    public static GitHubAddresses From(string apiBaseUrl)
    {
        Uri given = new(apiBaseUrl, UriKind.Absolute);
        string host = given.Host;
        bool isGitHub = host is "github.com" or "api.github.com";
        if (isGitHub)
        {
            return new GitHubAddresses(new Uri("https://api.github.com/"), new Uri("https://api.github.com/graphql"));
        }

        return host.EndsWith(DataResidency, StringComparison.OrdinalIgnoreCase)
            ? OfDataResidency(given)
            : new GitHubAddresses(new Uri(given, ServerPath), new Uri(given, "/api/graphql"));
    }

    /// <summary>GitHub Enterprise Cloud with data residency: the API is at <c>api.</c> before the enterprise's own host name.</summary>
    private static GitHubAddresses OfDataResidency(Uri given)
    {
        bool isApi = given.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase);
        Uri root = isApi
            ? new Uri(given, "/")
            : new UriBuilder(given) { Host = $"api.{given.Host}", Path = "/", Query = string.Empty, Fragment = string.Empty }.Uri;
        return new GitHubAddresses(root, new Uri(root, "/graphql"));
    }
}
