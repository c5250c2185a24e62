namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>What a request is to the meter and to GitHub's limits.</summary>
public enum RequestKind
{
    Read,

    /// <summary>Changes something: paced, and counted as content-creating.</summary>
    Write,

    /// <summary>Fetches a token with a credential of its own: neither paced nor part of a run's plain way.</summary>
    SignIn,
}
