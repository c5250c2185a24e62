using System.Security.Cryptography;
using System.Text.Json;
using SiteMonitor.LocalHost.Functions.Http;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The host's keys, in a file that only its user can read; the CLI finds the function key there.</summary>
internal static class KeyFile
{
    public const string FileName = "keys.json";

    private const int KeyBytes = 32;

    /// <exception cref="StartupException">The file exists but holds no keys.</exception>
    public static FunctionKeys ReadOrCreate(DataDirectory directory)
    {
        string path = directory.PathOf(FileName);
        if (!File.Exists(path))
        {
            directory.WriteIfAbsent(FileName, JsonSerializer.Serialize(new Keys(NewKey(), NewKey()), HostFilesJson.Default.Keys));
        }

        try
        {
            Keys? keys = JsonSerializer.Deserialize(File.ReadAllText(path), HostFilesJson.Default.Keys);
            return keys is { FunctionKey.Length: > 0, MasterKey.Length: > 0 }
                ? new FunctionKeys(keys.FunctionKey, keys.MasterKey)
                : throw Unreadable(path, "It lacks functionKey or masterKey.");
        }
        catch (JsonException e)
        {
            throw Unreadable(path, e.Message);
        }
    }

    private static StartupException Unreadable(string path, string why) =>
        new($"{path} holds no keys: {why} Delete it; the next start makes new ones.");

    private static string NewKey() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    internal sealed record Keys(string FunctionKey, string MasterKey);
}
