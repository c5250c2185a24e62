using System.Globalization;

namespace DurableTask.Sqlite.Storage;

/// <summary>The tables of the database, and how it is opened.</summary>
internal static class Schema
{
    private const int Version = 1;

    /// <summary>"DTSQ": tells a database of this provider from any other.</summary>
    private const int ApplicationId = 0x44545351;

    /// <summary>
    /// <c>history</c>: row 0 of an instance is its start event, each further row the events of one turn, so that one range of one B-tree is
    /// one instance and no further index is needed. <c>inbox</c>: messages that were accepted and are not part of a history yet.
    /// The partial index lets a start read the unfinished instances only (Running, Pending, Suspended).
    /// </summary>
    private const string Tables =
        """
        CREATE TABLE instances(
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, execution TEXT NOT NULL, status INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, output TEXT, custom_status TEXT);
        CREATE TABLE history(id INTEGER PRIMARY KEY, events BLOB NOT NULL);
        CREATE TABLE inbox(sequence INTEGER PRIMARY KEY, key INTEGER NOT NULL, execution TEXT, event BLOB NOT NULL);
        CREATE INDEX inbox_key ON inbox(key);
        CREATE INDEX instances_unfinished ON instances(key) WHERE status IN (0, 6, 7);
        CREATE TABLE schema_version(version INTEGER PRIMARY KEY);
        """;

    /// <summary>Opens the database for writing and creates its tables in a new file.</summary>
    /// <exception cref="SchemaException">The file belongs to another program, or to another version of this one.</exception>
    /// <exception cref="StorageException">The file is damaged or cannot be opened.</exception>
    public static SqliteDatabase Open(string path, DurabilityMode durability)
    {
        SqliteDatabase database = SqliteDatabase.Open(path);
        try
        {
            bool isNew = database.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
            if (!isNew)
            {
                Check(database, path);
            }

            // WAL: a commit appends to one file and syncs it once, and readers never wait.
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA journal_mode = WAL; PRAGMA synchronous = {durability}; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;
                """));
            if (isNew)
            {
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                    BEGIN IMMEDIATE; PRAGMA application_id = {ApplicationId};
                    {Tables} INSERT INTO schema_version VALUES ({Version}); COMMIT;
                    """));
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static void Check(SqliteDatabase database, string path)
    {
        if (database.Scalar("PRAGMA application_id") != ApplicationId)
        {
            throw new SchemaException(
                $"'{path}' was written by another program, or by a version that stored orchestrations in another way. "
                + "Let that one finish them, then move the file away, or name another file.");
        }

        long found = database.Scalar("SELECT max(version) FROM schema_version");
        if (found > Version)
        {
            throw new SchemaException(
                $"The durable database '{path}' has schema version {found}; this program knows up to version {Version}. "
                + "Run the newer program that wrote it, or start with another file.");
        }
    }
}
