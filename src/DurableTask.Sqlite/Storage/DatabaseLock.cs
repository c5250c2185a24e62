using System.Globalization;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Keeps a second host off a database with an operating-system lock on a file beside it, which ends with its process however that ends.
/// SQLite's own exclusive mode would lock out this process's readers too.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    // The process id is in a file of its own, because .NET cannot even read a locked file.
    private readonly string _holder;

    /// <exception cref="DatabaseInUseException">Another process holds the lock.</exception>
    public DatabaseLock(string databasePath)
    {
        _holder = databasePath + ".host";
        try
        {
            _file = new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException) && File.Exists(_holder))
        {
            throw new DatabaseInUseException(databasePath, File.ReadAllText(_holder));
        }

        try
        {
            WriteHolder(_holder);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }

    private static void WriteHolder(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // A mode given at creation is ignored by file systems without modes; a change afterwards fails there.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using StreamWriter file = new(path, options);
        file.Write(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }
}
