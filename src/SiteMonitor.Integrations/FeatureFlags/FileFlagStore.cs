using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Reads and writes flags in a JSON file (schema of Microsoft.FeatureManagement); a write is atomic.</summary>
internal sealed class FileFlagStore(string path, TimeProvider time) : IFlagStore
{
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

            using FlagDocument document = FlagDocument.Parse(text);
            FlagSnapshot snapshot = new(
                await Task.WhenAll(document.Flags.Select(f => FlagReader.ReadAsync(f.Name, f.Json, f.ETag))),
                time.GetUtcNow(), document.Problems);
            _last = Tuple.Create(text, snapshot.Revision);
            return new FlagReadResult.Loaded(snapshot);
        }
        catch (Exception e) when (IsExpected(e))
        {
            return new FlagReadResult.Unavailable(e is FileNotFoundException or DirectoryNotFoundException
                ? "the file does not exist; create it or set FeatureFlags:File."
                : $"the file cannot be read ({e.Message.TrimEnd('.')}); correct it.");
        }
    }

    public async Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream held = await LockAsync(cancellationToken);
            using FlagDocument document = FlagDocument.Parse(
                File.Exists(_path) ? await File.ReadAllTextAsync(_path, cancellationToken) : FlagDocument.Empty);
            if (document.Flags.FirstOrDefault(f => f.Name == name)?.ETag != etag)
            {
                return new FlagWriteResult.Conflict();
            }

            JsonObject flag = JsonNode.Parse(json)!.AsObject();
            flag["id"] = name;
            await PrivateFile.ReplaceAsync(_path, document.With(name, flag) + "\n", cancellationToken);
            return new FlagWriteResult.Written(FlagDocument.ETagOf(flag.ToJsonString()));
        }
        catch (Exception e) when (IsExpected(e))
        {
            return new FlagWriteResult.Failed($"the file cannot be written ({e.Message.TrimEnd('.')}).");
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

    private static bool IsExpected(Exception e) =>
        e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException
            or ArgumentException;
}
