using static DurableTask.Core.Settings.VersioningSettings;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>What this host takes from <c>host.json</c>; the rest of that file is for the Functions host.</summary>
internal sealed record HostJson
{
    public const string FileName = "host.json";

    /// <summary>Before every HTTP route; empty for none. The Functions host's default.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Activities that run at once. The Functions host's default is ten for each core.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators that run at once.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>The version of new orchestrations, and this host's own.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary>Which orchestrations' versions this host runs.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.None;

    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>Category → level, as <c>logging.logLevel</c> says.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    /// <param name="path">May be absent: then the defaults hold.</param>
    /// <exception cref="StartupException">The file is no JSON, or a figure in it makes no sense.</exception>
    public static HostJson Read(string path)
    {
        IConfiguration json;
        try
        {
            json = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: true).Build();
        }
        catch (InvalidDataException e)
        {
            throw new StartupException($"{path} cannot be read: {e.InnerException?.Message ?? e.Message}");
        }

        HostJson defaults = new();
        return new HostJson
        {
            RoutePrefix = json["extensions:http:routePrefix"] ?? defaults.RoutePrefix,
            MaxConcurrentActivities = Positive(json, path, "extensions:durableTask:maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities),
            MaxConcurrentOrchestrators = Positive(json, path, "extensions:durableTask:maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators),
            DefaultVersion = json["extensions:durableTask:defaultVersion"] ?? defaults.DefaultVersion,
            VersionMatchStrategy = OneOf(json, path, "extensions:durableTask:versionMatchStrategy", defaults.VersionMatchStrategy),
            VersionFailureStrategy = OneOf(json, path, "extensions:durableTask:versionFailureStrategy", defaults.VersionFailureStrategy),
            LogLevels = json.GetSection("logging:logLevel").GetChildren().Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!),
        };
    }

    private static T OneOf<T>(IConfiguration json, string path, string key, T otherwise)
        where T : struct, Enum => json[key] switch
        {
            null => otherwise,
            { } text when Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) => value,
            { } text => throw new StartupException($"{path}: {key.Replace(':', '.')} is '{text}'; write {string.Join(", ", Enum.GetNames<T>())}."),
        };

    private static int Positive(IConfiguration json, string path, string key, int otherwise) => json[key] switch
    {
        null => otherwise,
        { } text when int.TryParse(text, out int value) && value > 0 => value,
        { } text => throw new StartupException($"{path}: {key.Replace(':', '.')} is '{text}'; write a whole number above 0."),
    };
}
