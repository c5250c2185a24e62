namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Root of the checkout from which the tests were built.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public static string Read(params string[] parts) => System.IO.File.ReadAllText(File(parts));

    private static string Find()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(directory.FullName, "SiteMonitor.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No SiteMonitor.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
