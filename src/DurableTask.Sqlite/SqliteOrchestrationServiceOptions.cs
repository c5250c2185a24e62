namespace DurableTask.Sqlite;

/// <summary>When a commit counts as written.</summary>
public enum DurabilityMode
{
    /// <summary>Every commit is synced: it survives a power cut.</summary>
    Full,

    /// <summary>Synced at checkpoints only: a killed process loses nothing, a power cut may take the last moments back.</summary>
    Normal,
}

/// <summary>Settings of <see cref="SqliteOrchestrationService"/>.</summary>
public class SqliteOrchestrationServiceOptions
{
    /// <summary>The SQLite file; its folder is created.</summary>
    public string DatabasePath { get; set; } = "taskhub.db";

    public DurabilityMode Durability { get; set; } = DurabilityMode.Full;

    /// <summary>Activities that run at the same time. Default: 16 a processor.</summary>
    public int MaxConcurrentActivities { get; set; } = Environment.ProcessorCount * 16;

    /// <summary>Orchestrators that run at the same time; a waiting one does not count. Default: 4 a processor.</summary>
    public int MaxConcurrentOrchestrators { get; set; } = Environment.ProcessorCount * 4;

    /// <summary>Unfinished instances beyond which no further history is kept in memory: it is read for each turn.</summary>
    public int MaxCachedHistories { get; set; } = 10_000;

    /// <summary>Waiting activities beyond which no further instance begins: it stays Pending.</summary>
    public int MaxActivityBacklog { get; set; } = 2_000;

    /// <summary>
    /// Size of the database beyond which writes are refused as on a full disk; null (the default) for no limit. May change at run time.
    /// </summary>
    public long? MaxDatabaseBytes { get; set; }

    /// <summary>How long finished instances are kept; null (the default) for ever.</summary>
    public TimeSpan? Retention { get; set; }
}
