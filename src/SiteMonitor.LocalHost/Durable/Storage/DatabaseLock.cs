using System.Globalization;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>
/// Keeps a second host off a database. The lock is the operating system's, on a file beside the database, so it is gone with its process however that ends;
/// SQLite's own exclusive mode would keep our readers off too.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holder;

    private DatabaseLock(FileStream file, string holder) => (_file, _holder) = (file, holder);

    /// <exception cref="DatabaseInUseException">Another process holds it.</exception>
    public static DatabaseLock Take(string databasePath)
    {
        // Who holds the lock stands in a file of its own: .NET does not even read a locked one.
        string holder = databasePath + ".host";
        try
        {
            FileStream file = new(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DatabaseLock(file, holder);
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException) && File.Exists(holder))
        {
            throw new DatabaseInUseException(databasePath, File.ReadAllText(holder));
        }
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }
}
