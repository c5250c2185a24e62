namespace SiteMonitor.LocalHost.Hosting;

/// <summary>A directory for the host's data, readable by its user only.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode UserReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private DataDirectory(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="StartupException">It cannot be created or written.</exception>
    public static DataDirectory Open(string path)
    {
        DataDirectory directory = new(System.IO.Path.GetFullPath(path));
        try
        {
            directory.Create();
            string probe = directory.PathOf($".{Environment.ProcessId}.probe");
            File.WriteAllText(probe, string.Empty);
            File.Delete(probe);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The data directory {directory.Path} cannot be written ({e.Message}). Give another with --data DIR.");
        }
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public DataDirectory Sub(string name) => Open(PathOf(name));

    /// <summary>Replaces a file atomically, readable by its user only.</summary>
    public void Write(string name, string content)
    {
        string temporaryPath = PathOf($"{name}.{Environment.ProcessId}.{Guid.NewGuid():n}");
        try
        {
            WriteNew(temporaryPath, content);
            File.Move(temporaryPath, PathOf(name), overwrite: true);
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    /// <summary>Writes a file if it does not exist, readable by its user only; of several concurrent callers, one succeeds.</summary>
    public void WriteIfAbsent(string name, string content)
    {
        if (File.Exists(PathOf(name)))
        {
            return;
        }

        string temporaryPath = PathOf($"{name}.{Environment.ProcessId}.{Guid.NewGuid():n}");
        try
        {
            WriteNew(temporaryPath, content);
            File.Move(temporaryPath, PathOf(name), overwrite: false);
        }
        catch (IOException) when (File.Exists(PathOf(name)))
        {
            // Another caller was first.
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    /// <summary>
    /// Makes a file readable by its user only, creating it if necessary. SQLite gives the files beside a database the database's mode.
    /// </summary>
    public void Protect(string name)
    {
        WriteIfAbsent(name, string.Empty);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), UserReadWrite);
        }
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>Deletes everything in it.</summary>
    public void Empty()
    {
        Directory.Delete(Path, recursive: true);
        Create();
    }

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UserReadWrite | UnixFileMode.UserExecute);
        }
    }

    private static void WriteNew(string path, string content)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UserReadWrite;
        }

        using StreamWriter file = new(path, options);
        file.Write(content);
    }
}
