using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Flags in a JSON file of the Microsoft.FeatureManagement schema (<c>feature_management.feature_flags</c>). Edits by hand apply with the next use; writes replace the file in one step.</summary>
internal sealed class FileFlagStore(string path, TimeProvider time) : IFlagStore
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private const int LockTries = 50;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);
    private readonly string _path = Path.GetFullPath(path);

    // Text and revision of one read: several readers share this store, and "unchanged" must mean unchanged since what the asker has.
    private volatile Tuple<string, string>? _last;

    public string Description => $"file {_path}";

    public async Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken)
    {
        try
        {
            string text = await File.ReadAllTextAsync(_path, cancellationToken);
            if (known is not null && _last is { } last && last.Item1 == text && last.Item2 == known.Revision)
            {
                return new FlagReadResult.Unchanged();
            }

            var snapshot = new FlagSnapshot(Entries(Parse(text)).Select(e => FlagJson.Parse(NameOf(e), e.ToJsonString(), ETagOf(e))), time.GetUtcNow());
            _last = Tuple.Create(text, snapshot.Revision);
            return new FlagReadResult.Loaded(snapshot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return new FlagReadResult.Unavailable(e is FileNotFoundException or DirectoryNotFoundException
                ? "the file does not exist; create it or set FeatureFlags:File."
                : $"the file cannot be read ({e.Message.TrimEnd('.')}); put it right.");
        }
    }

    public async Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream held = await LockAsync(cancellationToken);
            JsonObject document = File.Exists(_path) ? Parse(await File.ReadAllTextAsync(_path, cancellationToken)) : [];
            JsonArray flags = FlagsOf(document);
            JsonObject? existing = Entries(document).FirstOrDefault(e => NameOf(e) == name);
            if ((existing is null ? null : ETagOf(existing)) != etag)
            {
                return new FlagWriteResult.Conflict();
            }

            JsonObject flag = JsonNode.Parse(json)!.AsObject();
            flag["id"] = name;
            if (existing is null)
            {
                flags.Add(flag);
            }
            else
            {
                flags[flags.IndexOf(existing)] = flag;
            }

            await ReplaceAsync(document.ToJsonString(Indented), cancellationToken);
            return new FlagWriteResult.Written(ETagOf(flag));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return new FlagWriteResult.Unavailable($"the file cannot be written ({e.Message.TrimEnd('.')}).");
        }
    }

    // Another writer holds the lock for milliseconds; giving up at once would leave a rollback to the guard's next minute.
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return File.Open($"{_path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException && i < LockTries)
            {
                await Task.Delay(LockPause, TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task ReplaceAsync(string text, CancellationToken cancellationToken)
    {
        string next = $"{_path}.{Guid.NewGuid():n}.tmp";
        await File.WriteAllTextAsync(next, text + "\n", cancellationToken);
        File.Move(next, _path, overwrite: true);
    }

    private static JsonObject Parse(string text) =>
        JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
        ?? throw new FormatException("it is not a JSON object");

    private static JsonArray FlagsOf(JsonObject document)
    {
        var management = document["feature_management"] as JsonObject ?? (JsonObject)(document["feature_management"] = new JsonObject());
        return management["feature_flags"] as JsonArray ?? (JsonArray)(management["feature_flags"] = new JsonArray());
    }

    private static IEnumerable<JsonObject> Entries(JsonObject document) =>
        document["feature_management"]?["feature_flags"] is JsonArray flags
            ? flags.Select(f => f as JsonObject ?? throw new FormatException("feature_management.feature_flags holds something that is not an object"))
            : throw new FormatException("it has no list feature_management.feature_flags");

    private static string NameOf(JsonObject flag) =>
        flag["id"]?.GetValue<string>() is { Length: > 0 } id ? id : throw new FormatException("a flag has no id");

    private static string ETagOf(JsonObject flag) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(flag.ToJsonString())))[..16];
}
