using Microsoft.Data.Sqlite;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>The SQLite file <c>state.db</c> that keeps everything but orchestrations: timers, cached analyses, the ledger. Each store creates its own table.</summary>
internal sealed class StateDatabase
{
    public const string FileName = "state.db";

    private readonly string _connectionString;

    public StateDatabase(string directory)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, FileName), DefaultTimeout = 30 }.ToString();
        using SqliteConnection connection = Open();
        Run(connection, "PRAGMA journal_mode = WAL");
    }

    /// <summary>An open connection from the pool; commands wait up to 30 s for another writer.</summary>
    public SqliteConnection Open()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        Run(connection, "PRAGMA synchronous = NORMAL");
        return connection;
    }

    /// <summary>Runs one statement of constant text, such as <c>CREATE TABLE IF NOT EXISTS</c>.</summary>
    public void Execute(string statement)
    {
        using SqliteConnection connection = Open();
        Run(connection, statement);
    }

    private static void Run(SqliteConnection connection, string statement)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant statements of this namespace's stores only.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
