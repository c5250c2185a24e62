namespace DurableTask.Sqlite.Storage;

/// <summary>
/// SQLite refused an operation. <see cref="Code"/> is its primary result code:
/// 5 busy, 10 I/O error, 11 corrupt, 13 full, 26 not a database.
/// </summary>
public sealed class StorageException(int code, string message) : Exception(message)
{
    public int Code { get; } = code & 0xFF;

    /// <summary>Describes what the failure means for a running host and what to do about it.</summary>
    internal string Describe() => Code switch
    {
        5 or 6 => $"Another program holds the durable database: {Message} Orchestrations are paused until it lets go.",
        8 => $"The durable database cannot be written: {Message} Orchestrations are paused until it can.",
        11 or 26 => $"The durable database is damaged: {Message} Stop the host and restore the file from a copy.",
        13 => $"The disk with the durable database is full: {Message} Orchestrations are paused until there is room.",
        _ => $"The durable database refuses writes: {Message} Orchestrations are paused and the write is retried.",
    };
}

/// <summary>The database was written by another program or by another version of this one.</summary>
public sealed class SchemaException(string message) : Exception(message);

/// <summary>Another process has the database open.</summary>
public sealed class DatabaseInUseException(string path, string process)
    : Exception($"The durable database '{path}' is in use by another host (process {process}). Stop that host, or name another database.");
