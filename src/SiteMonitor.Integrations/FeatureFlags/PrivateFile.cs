namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Writes files in one step. A new one is readable by its user only; one that exists keeps its mode.</summary>
internal static class PrivateFile
{
    public static Task ReplaceAsync(string path, string text, CancellationToken cancellationToken) =>
        WriteAsync(path, text, overwrite: true, cancellationToken);

    /// <summary>Writes a file unless it exists; of several that write it at once, one succeeds.</summary>
    public static async Task CreateAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(path, text, overwrite: false, cancellationToken);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another was first.
        }
    }

    private static async Task WriteAsync(string path, string text, bool overwrite, CancellationToken cancellationToken)
    {
        string next = $"{path}.{Guid.NewGuid():n}.tmp";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using (StreamWriter file = new(next, options))
            {
                await file.WriteAsync(text.AsMemory(), cancellationToken);
            }

            File.Move(next, path, overwrite);
        }
        finally
        {
            File.Delete(next);
        }
    }
}
