using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.Tests.LocalHost;

/// <summary>A directory for one test, deleted afterwards.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sitemonitor-").FullName;

    public string Write(string name, string content)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        // Only this directory's connections are closed: other tests would have to open theirs again.
        foreach (string database in Directory.EnumerateFiles(Path, "*.db", SearchOption.AllDirectories))
        {
            new LocalDatabase(database).Release();
        }

        Directory.Delete(Path, recursive: true);
    }
}
