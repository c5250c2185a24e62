using SiteMonitor.Functions.Hosting;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The settings from files, environment and command line, before the application is built.</summary>
internal sealed class HostSettings
{
    private static readonly string[] Credentials = ["GitHub:Token", "GitHub:AppId", "GitHub:PrivateKey"];

    private static readonly string[] FlagStores = ["FeatureFlags:File", "AppConfiguration:Endpoint", "AppConfiguration:ConnectionString"];

    private const string ModelEndpoint = "AzureOpenAI:Endpoint";

    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, string?> _given;

    private HostSettings(IConfiguration configuration, Dictionary<string, string?> given, bool wantsSandbox) =>
        (_configuration, _given, WantsSandbox) = (configuration, given, wantsSandbox);

    /// <summary>Whether the sandbox was requested or no setting for a real GitHub exists.</summary>
    public bool WantsSandbox { get; }

    public static HostSettings Read(HostArguments arguments)
    {
        Dictionary<string, string?> given = new(arguments.Settings, StringComparer.OrdinalIgnoreCase);
        if (arguments.Repository is { } repository)
        {
            given["GitHub:Repositories"] = repository.ToString();
        }

        if (KnownSettings.FindProblems(arguments.Settings.Keys) is { Count: > 0 } problems)
        {
            throw new StartupException(problems);
        }

        IConfiguration configuration = Sources(new ConfigurationBuilder(), arguments.Root, useEnvironment: true, given).Build();
        bool hasGitHub = Credentials.Any(s => !string.IsNullOrWhiteSpace(configuration[s]));
        bool wantsSandbox = arguments.Sandbox || arguments.Import is not null || (!hasGitHub && arguments.Repository is null);
        return arguments.Phase is null || wantsSandbox
            ? new HostSettings(configuration, given, wantsSandbox)
            : throw new StartupException("--phase is for the sandbox only. A real rollout begins in the phase of Rollout:InitialPhase.");
    }

    /// <summary>Adds the sources in order of increasing priority: <c>local.settings.json</c>, environment, given settings.</summary>
    public static T Sources<T>(T builder, string root, bool useEnvironment, IReadOnlyDictionary<string, string?> given)
        where T : IConfigurationBuilder
    {
        builder.Sources.Clear();
        IReadOnlyDictionary<string, string?> local = LocalSettingsFile.Read(Path.Combine(root, LocalSettingsFile.FileName));
        builder.AddInMemoryCollection(local).AddInMemoryCollection(LocalPaths.Resolve(local, root));
        if (useEnvironment)
        {
            builder.AddEnvironmentVariables();
        }

        builder.AddInMemoryCollection(given);
        return builder;
    }

    /// <summary>Returns the file of feature flags that the host creates if absent; null if the settings name another store.</summary>
    /// <param name="sandboxFile">The sandbox's own file; null with the real GitHub.</param>
    public string? FindFlagsFile(DataDirectory data, string? sandboxFile)
    {
        if (FlagStores.FirstOrDefault(s => !string.IsNullOrWhiteSpace(_given.GetValueOrDefault(s))) is { } given)
        {
            return sandboxFile is not null && given == FlagStores[0] ? _given[given] : null;
        }

        return sandboxFile ?? (FlagStores.Any(s => !string.IsNullOrWhiteSpace(_configuration[s])) ? null : data.PathOf("flags.json"));
    }

    /// <summary>Initial phase of a new rollout; null for the plan's first.</summary>
    public string? InitialPhase => _configuration["Rollout:InitialPhase"] is { Length: > 0 } phase ? phase : null;

    /// <summary>Returns the settings of a sandbox, overridden by those of the command line.</summary>
    /// <param name="flagsFile">The host's own file, if there is no sandbox.</param>
    public IReadOnlyDictionary<string, string?> With(IReadOnlyDictionary<string, string?>? sandbox, string? flagsFile)
    {
        Dictionary<string, string?> all = new(sandbox ?? new Dictionary<string, string?>(), StringComparer.OrdinalIgnoreCase);
        if (flagsFile is not null)
        {
            all["FeatureFlags:File"] = flagsFile;
        }

        if (_given.ContainsKey(ModelEndpoint))
        {
            // The sandbox's key and deployment are of no use to another model: they come from the environment, or are given too.
            foreach (string name in all.Keys.Where(n => n.StartsWith("AzureOpenAI:", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                all.Remove(name);
            }
        }

        foreach ((string name, string? value) in _given)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>Returns the only configured repository; null if there are none or several.</summary>
    public string? OnlyRepository(IReadOnlyDictionary<string, string?>? sandbox)
    {
        string? text = _given.GetValueOrDefault("GitHub:Repositories")
            ?? sandbox?["GitHub:Repositories"] ?? _configuration["GitHub:Repositories"] ?? _configuration["GitHub:Repositories:0"];
        return string.IsNullOrWhiteSpace(text) || text.AsSpan().ContainsAny(",;\n") || _configuration["GitHub:Repositories:1"] is not null
            ? null
            : text.Trim();
    }
}
