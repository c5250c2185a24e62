using System.Globalization;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>
/// The tables, and the way from each older version to this one.
/// A history row is one turn: its id is the instance's key times <see cref="TurnsPerInstance"/> plus the turn's number, so that one range of one B-tree is one instance's history
/// and no further index is needed.
/// </summary>
internal static class Schema
{
    /// <summary>Turns one execution may have before it must continue as new.</summary>
    public const long TurnsPerInstance = 1L << 20;

    /// <summary>"SMDE": tells our file from any other SQLite database.</summary>
    private const int ApplicationId = 0x534D4445;

    private static readonly string[] s_migrations =
    [
        """
        CREATE TABLE instances(
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT NOT NULL, status INTEGER NOT NULL, generation INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, start_at INTEGER,
            parent_key INTEGER, parent_generation INTEGER, parent_task INTEGER, parent_id TEXT, parent_name TEXT,
            tags TEXT, input TEXT, output TEXT, custom_status TEXT);
        CREATE TABLE history(id INTEGER PRIMARY KEY, events BLOB NOT NULL);
        CREATE TABLE inbox(seq INTEGER PRIMARY KEY, key INTEGER NOT NULL, generation INTEGER NOT NULL, event BLOB NOT NULL);
        """,
        // Version 2: start-up reads the unfinished instances only, however many have ended. (Statuses: Running, Pending, Suspended.)
        "CREATE INDEX instances_active ON instances(key) WHERE status IN (0, 6, 7);",
    ];

    public static int Version => s_migrations.Length;

    public static void Apply(SqliteDatabase database, string path)
    {
        long application = database.Scalar("PRAGMA application_id");
        bool empty = database.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
        {
            throw new SchemaException($"'{path}' is an SQLite database, but not one of this engine's. Move it away, or name another file.");
        }

        int found = empty ? 0 : (int)database.Scalar("SELECT max(version) FROM schema_version");
        if (found > Version)
        {
            throw new SchemaException(
                $"The durable database '{path}' has schema version {found}; this program knows up to version {Version}. Run the newer program that wrote it, or start with another file.");
        }

        if (found < Version)
        {
            Migrate(database, found);
        }
    }

    private static void Migrate(SqliteDatabase database, int found)
    {
        database.Execute("BEGIN IMMEDIATE");
        if (found == 0)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; CREATE TABLE schema_version(version INTEGER PRIMARY KEY);"));
        }

        for (int version = found + 1; version <= Version; version++)
        {
            database.Execute(s_migrations[version - 1]);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version VALUES ({version})"));
        }

        database.Execute("COMMIT");
    }
}
