using System.Globalization;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>
/// Keeps a second host off a database. The lock is the operating system's, on a file beside the database, so it is gone with its process however that ends;
/// SQLite's own exclusive mode would keep our readers off too.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    /// <exception cref="DatabaseInUseException">Another process holds it.</exception>
    public static DatabaseLock Take(string databasePath)
    {
        string path = databasePath + ".lock";
        try
        {
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new DatabaseLock(file);
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException) && Holder(path) is { } holder)
        {
            throw new DatabaseInUseException(databasePath, holder);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The process id the holder wrote; null when the file cannot be read at all, so the lock was not what failed.</summary>
    private static string? Holder(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(file);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return OperatingSystem.IsWindows() ? "unknown" : null;
        }
    }
}
