namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Opens the engine's database the way the engine needs it.</summary>
internal static class DatabaseFile
{
    /// <exception cref="SchemaException">It is not ours, or newer than we are.</exception>
    /// <exception cref="StorageException">It is damaged or cannot be opened.</exception>
    public static SqliteDatabase Open(string path, DurabilityMode durability)
    {
        SqliteDatabase database = SqliteDatabase.Open(path);
        try
        {
            // WAL: a commit appends to one file and syncs it once; readers never wait. The cache holds the hot pages of some hundred thousand instances' indices.
            database.Execute("PRAGMA journal_mode = WAL");
            database.Execute(durability is DurabilityMode.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            database.Execute("PRAGMA cache_size = -32000");
            database.Execute("PRAGMA wal_autocheckpoint = 4000");
            Schema.Apply(database, path);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
