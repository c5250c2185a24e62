using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Storage;

/// <summary>
/// Stores the rollout's state in one blob, guarded by its ETag. New audit entries are saved in the same blob and moved to the audit log
/// before the next change, so that a crash neither loses nor duplicates one.
/// </summary>
internal sealed class BlobRolloutStore(LedgerContainer container, ILogger<BlobRolloutStore> logger) : IRolloutStore, IDisposable
{
    private const string AuditBlob = "rollout/audit.jsonl";
    private readonly VersionedBlob _state = new(container, "rollout/state.json");
    private LineBlob<AuditEntry>? _audit;

    public Task<StoredState?> ReadAsync(CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () => await LoadAsync(cancellationToken) is { } found
            ? new StoredState(found.Document.State, found.Version)
            : null, cancellationToken);

    public Task<string?> SaveAsync(RolloutState state, IReadOnlyList<AuditEntry> entries, string? version,
        CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () =>
        {
            if (await LoadAsync(cancellationToken) is { } current)
            {
                if (current.Version != version)
                {
                    return null;
                }

                await MoveAsync(current.Document.Entries, cancellationToken);
            }

            return await WriteAsync(new Document(state, entries, Guid.NewGuid().ToString("n")), version, cancellationToken);
        },
        cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync<IReadOnlyList<AuditEntry>>(
        async () =>
        {
            // The state first: entries that are moved between the two reads are then seen twice, not missed.
            IReadOnlyList<AuditEntry> newest = (await LoadAsync(cancellationToken))?.Document.Entries ?? [];
            IReadOnlyList<AuditEntry> moved = await (await AuditAsync(cancellationToken)).ReadAsync(
                long.MaxValue, isClosed: false, cancellationToken);
            return [.. moved.Concat(newest).DistinctBy(e => e.Sequence).OrderBy(e => e.Sequence).TakeLast(limit)];
        },
        cancellationToken);

    public void Dispose() => _audit?.Dispose();

    private async Task<(Document Document, string Version)?> LoadAsync(CancellationToken cancellationToken) =>
        await _state.ReadAsync(cancellationToken) is var (json, version) ? (RolloutJson.Read<Document>(json), version) : null;

    private async Task<string?> WriteAsync(Document document, string? version, CancellationToken cancellationToken)
    {
        if (await _state.TryWriteAsync(RolloutJson.Write(document), version, cancellationToken) is { } written)
        {
            return written;
        }

        // Someone else was first; or our own try was, whose answer got lost before the client sent it again.
        return await LoadAsync(cancellationToken) is { } stored && stored.Document.Id == document.Id ? stored.Version : null;
    }

    private async Task MoveAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        LineBlob<AuditEntry> audit = await AuditAsync(cancellationToken);
        foreach (AuditEntry entry in entries)
        {
            await audit.AppendAsync(IdOf(entry), RolloutJson.Write(entry), cancellationToken);
        }
    }

    private async Task<LineBlob<AuditEntry>> AuditAsync(CancellationToken cancellationToken)
    {
        BlobContainerClient blobs = await container.OpenAsync(cancellationToken);
        return _audit ??= new LineBlob<AuditEntry>(
            blobs.GetAppendBlobClient(AuditBlob), line => RolloutJson.Read<AuditEntry>(Encoding.UTF8.GetString(line)), IdOf, logger);
    }

    private static string IdOf(AuditEntry entry) => entry.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="Entries">Those of the last change, not in the audit log yet.</param>
    /// <param name="Id">Of the save that wrote it.</param>
    private sealed record Document(RolloutState State, IReadOnlyList<AuditEntry> Entries, string Id = "");
}
