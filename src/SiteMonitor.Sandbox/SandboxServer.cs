using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Graph;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.Rest;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;
using SiteMonitor.Sandbox.Webhooks;

namespace SiteMonitor.Sandbox;

/// <summary>
/// Simulates GitHub and Azure OpenAI on one loopback port, for machines without credentials. It is reached over HTTP only, through the same
/// adapters as the real services. GitHub's REST API is at <c>/</c> and <c>/api/v3/</c>, GraphQL at <c>/graphql</c> and <c>/api/graphql</c>,
/// the model at <c>/openai/deployments/…</c>, and the sandbox's own controls at <c>/sandbox/…</c>.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly WebApplication _app;
    private readonly SandboxStore _store;
    private readonly SandboxState _state;
    private readonly WebhookSender _webhooks;
    private readonly FaultInjector _faults;
    private readonly RequestHooks _hooks = new();
    private readonly RequestCounters _counters = new();
    private readonly SandboxSwitches _switches = new();
    private readonly RateLimits _limits;
    private readonly GitHubJson _json;
    private readonly UserActionExecutor _people;
    private readonly AuthorEditSimulator _author;
    private readonly GitHubTokens _tokens;

    private SandboxServer(SandboxOptions options, int port)
    {
        _options = options;
        BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        _store = new SandboxStore(options.DatabasePath);
        _state = new SandboxState(_store, options.Time) { HasWebhook = options.WebhookSecret is not null };
        _faults = new FaultInjector(options.FaultSeed);
        _limits = new RateLimits(options.LimitTime, options.RealLimits ? 1 : options.TimeScale);
        _json = new GitHubJson(_state, BaseAddress.ToString().TrimEnd('/'));
        GitHubActions actions = new(_json);
        _people = new UserActionExecutor(_state, actions, _hooks, _counters, Repository);
        _webhooks = new WebhookSender(_state, _store, _faults, options.WebhookSecret);
        Copilot = options.Copilot;
        Model = options.Model;
        Author = options.Author;
        _author = new AuthorEditSimulator(_state, actions, _switches);
        _tokens = new GitHubTokens(options.Credentials, _state.Accounts, options.LimitTime);
        _app = Build(options, port, actions);
    }

    /// <summary>Base address, ending with a slash.</summary>
    public Uri BaseAddress { get; }

    public SandboxCredentials Credentials => _options.Credentials;

    /// <summary>The repository with the findings, or with the imported issues, as <c>owner/repo</c>.</summary>
    public string Repository => _options.Import?.Repository ?? SeedCatalogue.Repository;

    public CopilotBehaviour Copilot
    {
        get => _switches.Copilot;
        set => _switches.Copilot = value;
    }

    public ModelBehaviour Model
    {
        get => _switches.Model;
        set => _switches.Model = value;
    }

    public AuthorBehaviour Author
    {
        get => _switches.Author;
        set => _switches.Author = value;
    }

    /// <summary>Advances the simulated clock; null if the time is not simulated.</summary>
    public Func<TimeSpan, CancellationToken, Task>? AdvanceClock { get; set; }

    public DateTimeOffset Now => _options.Time.GetUtcNow();

    /// <summary>All accepted writes, including those of earlier processes.</summary>
    public IReadOnlyList<WriteEntry> Writes => _state.Writes;

    public SandboxStats Stats => _counters.Stats.WithDeliveries(_webhooks.Log);

    public IReadOnlyList<WebhookDelivery> Deliveries => _webhooks.Log;

    public IReadOnlyList<FaultRule> Faults => _faults.Rules;

    /// <summary>How many requests each rule has made to fail, including rules that were removed.</summary>
    public IReadOnlyDictionary<FaultRule, int> InjectedFaults => _faults.Injected;

    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken = default)
    {
        SandboxServer server = new(options, options.Port == 0 ? FreePort.Find() : options.Port);
        server.LoadSeeds();
        foreach (FaultRule rule in options.Faults)
        {
            server.Inject(rule);
        }

        try
        {
            await server._app.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        if (options.WebhookTarget is { } target)
        {
            server.ConnectWebhook(target);
        }

        return server;
    }

    /// <summary>Sets the receiver of the webhooks; deliveries kept until now are sent.</summary>
    public void ConnectWebhook(Uri target) => _webhooks.Connect(target);

    /// <summary>Sends the <c>ping</c> event that GitHub sends when a webhook is created.</summary>
    public void Ping() => _state.Write(transaction =>
    {
        SimulatedRepository repository = _state.FindRepository(Repository)!;
        transaction.QueueRepositoryEvent("ping", repository.Key, () => HookJson.Ping(_json, repository, _webhooks.Target));
        return repository;
    });

    public WebhookDelivery? Redeliver(Guid delivery) => _webhooks.Redeliver(delivery);

    /// <summary>Completes when every delivery so far has been answered.</summary>
    public async Task WaitForDeliveriesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
            void OnSent() => sent.TrySetResult();
            _webhooks.Completed += OnSent;
            try
            {
                if (_webhooks.IsIdle)
                {
                    return;
                }

                await sent.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                _webhooks.Completed -= OnSent;
            }
        }
    }

    /// <summary>Returns issues and pull requests by number, without deleted ones, of one repository or of all.</summary>
    public IReadOnlyList<IssueView> Issues(string? repository = null) =>
    [
        .. _state.Repositories.OrderBy(r => r.Key, StringComparer.Ordinal)
            .Where(r => repository is null || r.Key == _state.FindRepository(repository)?.Key)
            .SelectMany(r => _state.Issues(r.Key).Select(i => IssueView.Of(r, i, _state.Accounts))),
    ];

    /// <summary>Returns an issue, including a deleted one; null if it never existed.</summary>
    /// <param name="repository">Default: <see cref="Repository"/>.</param>
    public IssueView? Issue(int number, string? repository = null)
    {
        return _state.FindRepository(repository ?? Repository) is { } found && _state.FindIssue(found.Key, number) is { } issue
            ? IssueView.Of(found, issue, _state.Accounts)
            : null;
    }

    /// <summary>Performs an action of a person on the site; returns null if the action waits for a request.</summary>
    public IssueView? Perform(UserAction action) =>
        _people.Perform(action) is { } issue ? IssueView.Of(_state.Repository(issue.Repository), issue, _state.Accounts) : null;

    /// <summary>Opens an issue of an import, now and on behalf of its author.</summary>
    public void Open(ImportedIssue issue) => _people.Open(issue);

    /// <summary>
    /// Returns the import's numbers of the issues that <see cref="Open"/> has opened, in this process or an earlier one, including deleted
    /// and transferred ones.
    /// </summary>
    public IReadOnlySet<int> GetImportedNumbers() =>
        _state.Repositories.SelectMany(r => _state.IssuesEvenDeleted(r.Key)).Select(i => i.ImportedNumber).OfType<int>().ToHashSet();

    public void Inject(FaultRule rule) => _faults.Add(rule);

    /// <summary>Makes the tokens of the App's installations invalid; new ones can be had at once.</summary>
    public void RevokeInstallationTokens() => _tokens.RevokeInstallationTokens();

    public void ClearFaults() => _faults.Clear();

    /// <summary>Runs <paramref name="work"/> once, before the next request that matches (see <see cref="FaultRule.Match"/>).</summary>
    public void Before(string match, Func<CancellationToken, Task> work) => _hooks.Add(match, after: false, work);

    /// <summary>Runs <paramref name="work"/> once, after the next matching request is processed and before its response is sent.</summary>
    public void After(string match, Func<CancellationToken, Task> work) => _hooks.Add(match, after: true, work);

    /// <summary>Restores the initial state: seeds, empty logs, no faults, full rate limits.</summary>
    public void Reset()
    {
        _faults.Clear();
        _limits.Clear();
        _counters.Clear();
        _state.Clear();
        _webhooks.Clear();
        Copilot = _options.Copilot;
        Model = _options.Model;
        Author = _options.Author;
        _author.Clear();
        LoadSeeds();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _webhooks.DisposeAsync();
        _store.Dispose();
    }

    private void LoadSeeds()
    {
        if (_state.IsEmpty)
        {
            new SeedLoader(_state).Load(_options);
            _state.ForgetHistory();
        }
    }

    private WebApplication Build(SandboxOptions options, int port, GitHubActions actions)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication app = builder.Build();
        app.Use(SandboxErrorHandler.HandleAsync);
        app.Use((http, next) =>
        {
            http.Response.Headers.Date = options.Time.GetUtcNow().ToString("R");
            return next(http);
        });
        app.UseRouting();
        MapGitHub(app, options, actions);
        app.MapPost(
            "/openai/deployments/{deployment}/chat/completions",
            (RequestDelegate)new ChatEndpoint(options, _faults, _hooks, _counters, _switches).HandleAsync);
        new ControlEndpoints(this).Map(app);
        return app;
    }

    private void MapGitHub(WebApplication app, SandboxOptions options, GitHubActions actions)
    {
        GitHubRequestPipeline gate = new(_tokens, _limits, _faults, _hooks, _counters, options.Latency);
        RestContext context = new(_state, _json, actions, _switches);
        ApiRoute[] rest =
        [
            .. new IssueEndpoints(context).Routes,
            .. new LabelEndpoints(context).Routes,
            .. new AssigneeEndpoints(context).Routes,
            .. new WorkflowEndpoints(context).Routes,
            .. new AccountEndpoints(context, _limits, () => HookJson.List(Target())).Routes,
            .. new AppEndpoints(options.Credentials, _tokens, _json, Target, options.LimitTime).Routes,
        ];
        Uri? Target() => options.WebhookSecret is null ? null : _webhooks.Target;
        foreach (ApiRoute route in rest)
        {
            Map(app, route, route.Pattern, gate);
            Map(app, route, $"/api/v3{route.Pattern}", gate);
        }

        foreach (ApiRoute route in new GraphEndpoint(_state, actions, _switches, _author, options.MissingGraphFields).Routes)
        {
            Map(app, route, route.Pattern, gate);
        }

        app.MapGet("/{owner}/{repo}/issues/{number:int}", (RequestDelegate)(http => IssuePage.SendAsync(http, _state)));
        app.MapGet("/{owner}/{repo}/pull/{number:int}", (RequestDelegate)(http => IssuePage.SendAsync(http, _state)));
        app.MapFallback("{*path}", (RequestDelegate)gate.NotFoundAsync);
    }

    private static void Map(WebApplication app, ApiRoute route, string pattern, GitHubRequestPipeline gate) =>
        app.MapMethods(pattern, [route.Method], (RequestDelegate)(http => gate.HandleAsync(http, route)));
}
