using System.Security.Cryptography;
using System.Text.Json;
using SiteMonitor.LocalHost.Functions.Http;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The host's keys, made at its first start and kept in a file that only its user can read. The command line finds the function key there.</summary>
internal static class KeyFile
{
    public const string FileName = "keys.json";

    private const int KeyBytes = 32;

    /// <exception cref="StartupException">The file is there but holds no keys.</exception>
    public static FunctionKeys ReadOrCreate(DataDirectory directory)
    {
        string path = directory.PathOf(FileName);
        if (!File.Exists(path))
        {
            Write(path, new Keys(NewKey(), NewKey()));
        }

        try
        {
            Keys? keys = JsonSerializer.Deserialize<Keys>(File.ReadAllText(path), JsonSerializerOptions.Web);
            return keys is { FunctionKey.Length: > 0, MasterKey.Length: > 0 }
                ? new FunctionKeys(keys.FunctionKey, keys.MasterKey)
                : throw Unreadable(path, "It lacks functionKey or masterKey.");
        }
        catch (JsonException e)
        {
            throw Unreadable(path, e.Message);
        }
    }

    private static StartupException Unreadable(string path, string why) => new($"{path} holds no keys: {why} Delete it; the next start makes new ones.");

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // Under another name first, so that no reader sees half a file and two starts at once end with one whole set of keys.
    private static void Write(string path, Keys keys)
    {
        string draft = $"{path}.{Environment.ProcessId}.{RandomNumberGenerator.GetHexString(8)}";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(draft, options))
        {
            JsonSerializer.Serialize(file, keys, JsonSerializerOptions.Web);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    private sealed record Keys(string FunctionKey, string MasterKey);
}
