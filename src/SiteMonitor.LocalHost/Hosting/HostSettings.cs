namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The settings of files, environment and command line, before the application is built.</summary>
internal sealed class HostSettings
{
    private static readonly string[] Credentials = ["GitHub:Token", "GitHub:AppId", "GitHub:PrivateKey"];

    private static readonly string[] FlagStores = ["FeatureFlags:File", "AppConfiguration:Endpoint", "AppConfiguration:ConnectionString"];

    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, string?> _given;

    private HostSettings(IConfiguration configuration, Dictionary<string, string?> given, bool wantsSandbox) =>
        (_configuration, _given, WantsSandbox) = (configuration, given, wantsSandbox);

    /// <summary>Asked for, or nothing tells of a real GitHub.</summary>
    public bool WantsSandbox { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public static HostSettings Read(HostArguments arguments)
    {
        Dictionary<string, string?> given = new(arguments.Settings, StringComparer.OrdinalIgnoreCase);
        if (arguments.Repository is { } repository)
        {
            given["GitHub:Repositories"] = repository.ToString();
        }

        IConfiguration configuration = Sources(new ConfigurationBuilder(), arguments.Root, useEnvironment: true, given).Build();
        bool hasGitHub = Credentials.Any(s => !string.IsNullOrWhiteSpace(configuration[s]));
        return new HostSettings(configuration, given, arguments.Sandbox || (!hasGitHub && arguments.Repository is null));
    }

    /// <summary>In this order, the later the stronger: <c>local.settings.json</c>, environment, what is given.</summary>
    public static T Sources<T>(T builder, string root, bool useEnvironment, IReadOnlyDictionary<string, string?> given)
        where T : IConfigurationBuilder
    {
        builder.Sources.Clear();
        builder.AddInMemoryCollection(LocalSettingsFile.Read(Path.Combine(root, LocalSettingsFile.FileName)));
        if (useEnvironment)
        {
            builder.AddEnvironmentVariables();
        }

        builder.AddInMemoryCollection(given);
        return builder;
    }

    /// <summary>Where the host keeps feature flags itself; null when the settings name a file or a store.</summary>
    public string? OwnFlagsFile(DataDirectory data) =>
        FlagStores.Any(s => !string.IsNullOrWhiteSpace(_configuration[s])) ? null : data.PathOf("flags.json");

    /// <summary>The phase a new rollout begins in; null for the plan's first.</summary>
    public string? InitialPhase => _configuration["Rollout:InitialPhase"] is { Length: > 0 } phase ? phase : null;

    /// <summary>What was given on the command line, with a sandbox's settings over it.</summary>
    /// <param name="flagsFile">The host's own, when there is no sandbox.</param>
    public IReadOnlyDictionary<string, string?> With(IReadOnlyDictionary<string, string?>? sandbox, string? flagsFile)
    {
        Dictionary<string, string?> all = new(_given, StringComparer.OrdinalIgnoreCase);
        if (flagsFile is not null)
        {
            all["FeatureFlags:File"] = flagsFile;
        }

        foreach ((string name, string? value) in sandbox ?? new Dictionary<string, string?>())
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>The one repository there is; null when there are none or several.</summary>
    public string? OnlyRepository(IReadOnlyDictionary<string, string?>? sandbox)
    {
        string? text = sandbox?["GitHub:Repositories"] ?? _configuration["GitHub:Repositories"] ?? _configuration["GitHub:Repositories:0"];
        return string.IsNullOrWhiteSpace(text) || text.AsSpan().ContainsAny(",;\n") || _configuration["GitHub:Repositories:1"] is not null ? null : text.Trim();
    }
}
