namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The directory that keeps everything this host must remember. Only its user can read it.</summary>
internal sealed class DataDirectory
{
    private DataDirectory(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="StartupException">It cannot be created or written.</exception>
    public static DataDirectory Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            string probe = System.IO.Path.Combine(full, $".{Environment.ProcessId}.probe");
            File.WriteAllText(probe, string.Empty);
            File.Delete(probe);
            return new DataDirectory(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {full} cannot be written ({e.Message}). Give another with --data DIR.");
        }
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);
}
