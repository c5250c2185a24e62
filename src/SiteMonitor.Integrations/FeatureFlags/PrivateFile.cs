namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Replaces files in one step. A new one is readable by its user only; one that exists keeps its mode.</summary>
internal static class PrivateFile
{
    public static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
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

            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }
}
