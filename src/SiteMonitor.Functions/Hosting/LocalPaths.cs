using Microsoft.Extensions.Configuration;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Makes relative paths of <c>local.settings.json</c> relative to the folder of that file: the repository's root.</summary>
public static class LocalPaths
{
    /// <summary>Lies beside <c>local.settings.json</c>, and is not deployed.</summary>
    private const string RootMark = "local.settings.sample.json";

    private static readonly string[] PathSettings =
        ["FeatureFlags:File", "FeatureFlags:LastKnownFile", "Rollout:Plan", "Rollout:AcceptedDifferences", "Pipeline:CatalogueFile"];

    /// <summary>Returns the path settings that are relative, with their absolute values.</summary>
    /// <param name="root">The folder that they are relative to.</param>
    public static IReadOnlyDictionary<string, string?> Resolve(IReadOnlyDictionary<string, string?> settings, string root) => PathSettings
        .Where(name => settings.GetValueOrDefault(name) is { Length: > 0 } path && !Path.IsPathRooted(path))
        .ToDictionary(name => name, name => (string?)Path.GetFullPath(settings[name]!, root), StringComparer.OrdinalIgnoreCase);

    /// <summary>Resolves paths for an app that was built in the repository and runs in its output folder; a deployed one has no root.</summary>
    /// <param name="folder">The folder of the app.</param>
    internal static IReadOnlyDictionary<string, string?> Resolve(IConfiguration configuration, string folder)
    {
        for (DirectoryInfo? root = new(folder); root is not null; root = root.Parent)
        {
            if (File.Exists(Path.Combine(root.FullName, RootMark)))
            {
                return Resolve(PathSettings.ToDictionary(name => name, name => configuration[name]), root.FullName);
            }
        }

        return new Dictionary<string, string?>();
    }
}
