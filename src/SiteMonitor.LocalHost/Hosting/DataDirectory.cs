namespace SiteMonitor.LocalHost.Hosting;

/// <summary>A directory that keeps what this host must remember. Only its user can read it.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
            throw new StartupException($"The data directory {directory.Path} cannot be written ({e.Message}). Give another with --data DIR.");
        }
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public DataDirectory Sub(string name) => Open(PathOf(name));

    /// <summary>Replaces a file in one step, readable by its user only.</summary>
    public void Write(string name, string content)
    {
        string draft = PathOf($"{name}.{Environment.ProcessId}.{Guid.NewGuid():n}");
        WriteNew(draft, content);
        File.Move(draft, PathOf(name), overwrite: true);
    }

    /// <summary>Writes a file unless there is one, readable by its user only; of several that try at once, one wins.</summary>
    public void WriteIfAbsent(string name, string content)
    {
        string draft = PathOf($"{name}.{Environment.ProcessId}.{Guid.NewGuid():n}");
        WriteNew(draft, content);
        try
        {
            File.Move(draft, PathOf(name), overwrite: false);
        }
        catch (IOException) when (File.Exists(PathOf(name)))
        {
            File.Delete(draft);
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
            Directory.CreateDirectory(Path, OnlyUser | UnixFileMode.UserExecute);
        }
    }

    private static void WriteNew(string path, string content)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OnlyUser;
        }

        using StreamWriter file = new(path, options);
        file.Write(content);
    }
}
