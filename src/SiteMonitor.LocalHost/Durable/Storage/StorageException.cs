namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>SQLite refused an operation; <see cref="Code"/> is its primary result code (13 full, 5 busy, 10 I/O error, 11 corrupt, 26 not a database).</summary>
internal sealed class StorageException(int code, string message) : Exception(message)
{
    public int Code { get; } = code & 0xFF;
}
