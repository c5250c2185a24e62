using static DurableTask.Core.Settings.VersioningSettings;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The settings in <c>host.json</c> that this host uses; the others are for the Functions host.</summary>
internal sealed record HostJson
{
    public const string FileName = "host.json";

    /// <summary>Prefix of every HTTP route; empty for none. The default is that of the Functions host.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Concurrent activities. The default of the Functions host is ten per core.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Concurrent orchestrators.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Version of new orchestrations and of this host.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary>Versions of orchestrations that this host runs.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.None;

    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>Log levels by category, from <c>logging.logLevel</c>.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    /// <param name="path">May be absent: then the defaults apply.</param>
    /// <exception cref="StartupException">The file is not JSON, or a value is out of range.</exception>
    public static HostJson Read(string path)
    {
        IConfiguration json;
        try
        {
            json = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: true).Build();
        }
        catch (InvalidDataException e)
        {
            throw new StartupException($"{path} cannot be read: {e.GetBaseException().Message}");
        }

        HostJson defaults = new();
        return new HostJson
        {
            RoutePrefix = json["extensions:http:routePrefix"] ?? defaults.RoutePrefix,
            MaxConcurrentActivities = Positive(
                json, path, "extensions:durableTask:maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities),
            MaxConcurrentOrchestrators = Positive(
                json, path, "extensions:durableTask:maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators),
            DefaultVersion = json["extensions:durableTask:defaultVersion"] ?? defaults.DefaultVersion,
            VersionMatchStrategy = OneOf(json, path, "extensions:durableTask:versionMatchStrategy", defaults.VersionMatchStrategy),
            VersionFailureStrategy = OneOf(json, path, "extensions:durableTask:versionFailureStrategy", defaults.VersionFailureStrategy),
            LogLevels = json.GetSection("logging:logLevel").GetChildren().Where(c => c.Value is not null).ToDictionary(
                c => c.Key, c => c.Value!),
        };
    }

    private static T OneOf<T>(IConfiguration json, string path, string key, T otherwise)
        where T : struct, Enum => json[key] switch
        {
            null => otherwise,
            { } text when Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) => value,
            { } text => throw new StartupException(
                $"{path}: {key.Replace(':', '.')} is '{text}'; write {string.Join(", ", Enum.GetNames<T>())}."),
        };

    private static int Positive(IConfiguration json, string path, string key, int otherwise) => json[key] switch
    {
        null => otherwise,
        { } text when int.TryParse(text, out int value) && value > 0 => value,
        { } text => throw new StartupException($"{path}: {key.Replace(':', '.')} is '{text}'; write a whole number above 0."),
    };
}
