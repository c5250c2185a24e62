using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Octokit;
using Octokit.Internal;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.GitHub.SignIn;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.GitHub.Client;

/// <summary>Builds the two clients: for the App or token that does the work, and for the user that assigns Copilot.</summary>
internal sealed class GitHubConnections : IDisposable
{
    public const string CopilotTokenSetting = "GitHub:CopilotToken";

    private static readonly ProductHeaderValue Product = new(
        "SiteMonitor",
        typeof(GitHubConnections).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0");

    private readonly GitHubOptions _options;
    private readonly GitHubClocks _clocks;
    private readonly ILogger _logger;
    private readonly GitHubAddresses _addresses;
    private readonly List<IDisposable> _owned = [];

    public GitHubConnections(
        IOptions<GitHubOptions> options,
        IPacingStateStore states,
        PacingHealth health,
        GitHubClocks clocks,
        CircuitBreakers breakers,
        ILogger<GitHubConnections> logger)
    {
        _options = options.Value;
        _clocks = clocks;
        _logger = logger;
        _addresses = GitHubAddresses.From(_options.ApiBaseUrl);
        PacingServices services = new(states, health, clocks.SystemTime, logger);
        RequestPacer pacer = Own(new RequestPacer(
            _options.UsesApp ? $"installation-{_options.InstallationId}" : NameOf(_options.Token), _options, services));
        HttpClientAdapter http = Connect(pacer, breakers.Get(CircuitBreakers.GitHub));
        ICredentialStore credentials = _options.UsesApp
            ? Own(new AppCredentials(_options, store => new Connection(Product, _addresses.Rest, store, http, new SimpleJsonSerializer()),
                clocks.SystemTime, logger))
            : new TokenCredentials(_options.Token);
        App = Channel(http, credentials, pacer, _options.UsesApp ? "GitHub:AppId" : "GitHub:Token");
        AppJwtClient = _options.UsesApp ? Channel(http, new AppJwtCredentials(_options, clocks.SystemTime), pacer, "GitHub:AppId") : null;

        bool shared = _options.EffectiveCopilotToken == _options.Token && !_options.UsesApp;
        RequestPacer userPacer = shared ? pacer : Own(new RequestPacer(NameOf(_options.EffectiveCopilotToken), _options, services));
        User = Channel(
            shared ? http : Connect(userPacer, breakers.Get(CircuitBreakers.GitHubCopilot)),
            new TokenCredentials(_options.EffectiveCopilotToken),
            userPacer,
            _options.CopilotToken.Length > 0 ? CopilotTokenSetting : "GitHub:Token");
    }

    /// <summary>The client that reads and writes issues.</summary>
    public GitHubApiClient App { get; }

    /// <summary>The client that authenticates as the App itself rather than as an installation. Null if a token is used instead.</summary>
    public GitHubApiClient? AppJwtClient { get; }

    /// <summary>The client of the user that may assign Copilot.</summary>
    public GitHubApiClient User { get; }

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    /// <summary>Names a token without telling it.</summary>
    private static string NameOf(string token) => $"token-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..16]}";

    private GitHubApiClient Channel(HttpClientAdapter http, ICredentialStore credentials, RequestPacer pacer, string setting) => new(
        new Connection(Product, _addresses.Rest, credentials, http, new SimpleJsonSerializer()),
        new Connection(Product, _addresses.Rest, credentials, http, new GraphSerializer()),
        _addresses.Graph,
        credentials,
        pacer.Gate,
        _clocks,
        setting,
        _logger);

    private HttpClientAdapter Connect(RequestPacer pacer, CircuitBreaker breaker)
    {
        HttpClientAdapter http = Own(new HttpClientAdapter(() => Chain(
            ReadRetries.CreateHandler(_options, _clocks.SystemTime, _logger),
            new CallScopeHandler(breaker),
            new PacingHandler(pacer),
            new RateLimitHandler(pacer.Gate, _clocks.SystemTime, _logger),
            new GitHubCircuitBreakerHandler(breaker, _addresses.Graph),
            new MeteringHandler(),
            new CredentialScopeHandler(_addresses.Rest),
            new BoundedResponseHandler(_options, _clocks.SystemTime))));
        // Waits for a turn and tries again take place inside a request as Octokit sees it.
        http.SetRequestTimeout(Timeout.InfiniteTimeSpan);
        return http;
    }

    private SocketsHttpHandler Socket() => new()
    {
        // Octokit follows redirects itself.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = _options.MaxConcurrentRequests,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        UseCookies = false,
        // Sends no trace headers to GitHub.
        ActivityHeadersPropagator = null,
    };

    private DelegatingHandler Chain(params DelegatingHandler[] handlers)
    {
        for (int i = 0; i < handlers.Length - 1; i++)
        {
            handlers[i].InnerHandler = handlers[i + 1];
        }

        handlers[^1].InnerHandler = Socket();
        return handlers[0];
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}

/// <summary>The system clock, for time-outs, pacing and token lifetimes, and the orchestrations' clock, which may be simulated.</summary>
internal sealed record GitHubClocks(TimeProvider SystemTime, TimeProvider OrchestrationTime)
{
    public DateTimeOffset RetryAt(TimeSpan wait) => OrchestrationTime.GetUtcNow() + wait;
}
