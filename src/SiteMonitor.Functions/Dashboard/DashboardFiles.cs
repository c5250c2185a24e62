using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace SiteMonitor.Functions.Dashboard;

/// <summary>The dashboard's files, embedded in the assembly: a fixed list, so that no path reaches the disk.</summary>
internal static class DashboardFiles
{
    public const string Page = "dashboard.html";

    private const string Prefix = "SiteMonitor.Functions.Dashboard.";

    private static readonly FrozenDictionary<string, DashboardFile> Files = Read().ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<DashboardFile> All => Files.Values;

    public static DashboardFile? Find(string name) => Files.GetValueOrDefault(name);

    private static IEnumerable<DashboardFile> Read()
    {
        Assembly assembly = typeof(DashboardFiles).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            using MemoryStream content = new();
            stream.CopyTo(content);
            string name = resource[Prefix.Length..];
            yield return new DashboardFile(name, TypeOf(name), content.ToArray());
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
}

/// <summary>One file of the dashboard.</summary>
internal sealed record DashboardFile(string Name, string ContentType, byte[] Content)
{
    /// <summary>The quoted entity tag, over the content.</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";
}
