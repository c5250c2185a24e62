using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Writes the host's address to its data directory for the CLI, and locks the directory against a second host.</summary>
internal sealed class RunningFile : IDisposable
{
    public const string FileName = "running.json";

    private const string LockName = "host.lock";

    private readonly DataDirectory _directory;
    private readonly FileStream _lock;

    private RunningFile(DataDirectory directory, FileStream held) => (_directory, _lock) = (directory, held);

    /// <exception cref="StartupException">Another host uses the directory.</exception>
    public static RunningFile Take(DataDirectory directory)
    {
        FileStream? held = null;
        try
        {
            held = new FileStream(directory.PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            directory.Delete(FileName);
            return new RunningFile(directory, held);
        }
        catch (UnauthorizedAccessException)
        {
            held?.Dispose();
            throw;
        }
        catch (IOException)
        {
            throw new StartupException(
                $"Another host uses {directory.Path}{Describe(directory)}. Stop it, or give this one its own directory with --data DIR " +
                    "and its own --port.");
        }
    }

    /// <param name="webhookSecret">Secret of a sandbox; a real one is never written here.</param>
    /// <param name="flagsFile">Path of the feature flags; null if they are in another store.</param>
    public void Write(Uri url, Uri? sandbox, string? webhookSecret, string? repository, string? flagsFile)
    {
        Running running = new(url, Environment.ProcessId, sandbox, webhookSecret, repository, flagsFile);
        _directory.Write(FileName, JsonSerializer.Serialize(running, HostFilesJson.Default.Running));
    }

    public void Dispose()
    {
        _directory.Delete(FileName);
        _lock.Dispose();
    }

    private static string Describe(DataDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(directory.PathOf(FileName)), HostFilesJson.Default.Running) is { } running
                ? string.Create(CultureInfo.InvariantCulture, $" (process {running.ProcessId}, {running.Url})")
                : string.Empty;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return string.Empty;
        }
    }

    internal sealed record Running(Uri Url, int ProcessId, Uri? Sandbox, string? WebhookSecret, string? Repository, string? FlagsFile);
}
