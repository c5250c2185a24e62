namespace SiteMonitor.Integrations.GitHub;

/// <summary>Where a server's APIs are: on GitHub's own hosts below the API's name, on GitHub Enterprise Server (as Octokit has it) at <c>/api/v3/</c> and <c>/api/graphql</c>.</summary>
internal sealed record GitHubAddresses(Uri Rest, Uri Graph)
{
    private const string ServerPath = "/api/v3/";

    public static GitHubAddresses From(string apiBaseUrl)
    {
        Uri given = new(apiBaseUrl, UriKind.Absolute);
        string host = given.Host;
        bool isGitHub = host is "github.com" or "api.github.com";
        if (isGitHub)
        {
            return new GitHubAddresses(new Uri("https://api.github.com/"), new Uri("https://api.github.com/graphql"));
        }

        // GitHub Enterprise Cloud with data residency has the layout of github.com.
        return host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase)
            ? new GitHubAddresses(new Uri(given, "/"), new Uri(given, "/graphql"))
            : new GitHubAddresses(new Uri(given, ServerPath), new Uri(given, "/api/graphql"));
    }
}
