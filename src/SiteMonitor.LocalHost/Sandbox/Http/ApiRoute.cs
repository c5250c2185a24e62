namespace SiteMonitor.LocalHost.Sandbox.Http;

/// <summary>One path of the simulated GitHub.</summary>
/// <param name="Pattern">Without the prefix <c>/api/v3</c>.</param>
/// <param name="Resource">What faults and hooks call it.</param>
internal sealed record ApiRoute(string Method, string Pattern, string Resource)
{
    public bool IsGraph { get; init; }

    public bool IsAppSignIn => SignIn is not null;

    public Func<ApiRequest, Task<SimulatedResponse>>? Handler { get; init; }

    /// <summary>Instead of a handler: a path that takes the App's own token and no user's.</summary>
    public Func<HttpContext, byte[], SimulatedResponse>? SignIn { get; init; }
}
