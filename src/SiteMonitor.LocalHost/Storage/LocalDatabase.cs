using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>The SQLite file for everything but orchestrations: run ledger, rollout, comparisons, timers, model answers, pacing.</summary>
internal sealed class LocalDatabase
{
    /// <summary>The table of the facts that are stored beside the run ledger; each version of their format has its own.</summary>
    public static readonly string FactsTable = $"run_facts_{RunFacts.FormatVersion}";

    private static readonly string Schema = $"""
        CREATE TABLE IF NOT EXISTS runs (
            run_id TEXT PRIMARY KEY, kind TEXT NOT NULL, issue TEXT NOT NULL, phase TEXT NOT NULL, started INTEGER NOT NULL,
            json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS {FactsTable} (position INTEGER PRIMARY KEY, started INTEGER NOT NULL, facts BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS {FactsTable}_by_start ON {FactsTable} (started);
        CREATE INDEX IF NOT EXISTS runs_by_start ON runs (started, run_id);
        CREATE INDEX IF NOT EXISTS runs_by_issue ON runs (issue, started);
        CREATE TABLE IF NOT EXISTS rollout (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS rollout_audit (sequence INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS repository_names (
            id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS comparisons (
            id TEXT PRIMARY KEY, at INTEGER NOT NULL, phase TEXT NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS comparisons_by_time ON comparisons (at);
        CREATE TABLE IF NOT EXISTS analyses (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS write_budgets (
            credential TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS timers (
            function TEXT PRIMARY KEY, schedule TEXT NOT NULL, last TEXT, next TEXT NOT NULL, updated TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly string _connectionString;
    private readonly Lock _gate = new();
    private bool _prepared;

    public LocalDatabase(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = true, DefaultTimeout = 30 }.ToString();
    }

    public string Path { get; }

    /// <summary>Opens a pooled connection; the caller disposes it.</summary>
    public SqliteConnection Open()
    {
        Prepare();
        return OpenCore();
    }

    /// <summary>Closes the pooled connections, so that the file can be moved or deleted.</summary>
    public void Release()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private SqliteConnection OpenCore()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private void Prepare()
    {
        lock (_gate)
        {
            if (_prepared)
            {
                return;
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using SqliteConnection connection = OpenCore();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; " + Schema;
            command.ExecuteNonQuery();
            _prepared = true;
        }
    }
}

internal static class LocalStorageServiceCollectionExtensions
{
    /// <summary>Adds run ledger, comparisons and rollout state in one SQLite file.</summary>
    public static IServiceCollection AddLocalStorage(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(_ => new LocalDatabase(path));
        services.TryAddSingleton<IRunLedger, SqliteRunLedger>();
        services.TryAddSingleton<SqliteComparisonLog>();
        services.TryAddSingleton<IComparisonLog>(
            provider => new ReclassifyingComparisonLog(
                provider.GetRequiredService<SqliteComparisonLog>(), provider.GetRequiredService<AcceptedDifferenceRules>()));
        services.TryAddSingleton<IRolloutStore, SqliteRolloutStore>();
        services.TryAddSingleton<IRepositoryNameStore, SqliteRepositoryNameStore>();
        services.TryAddSingleton<IPacingStateStore>(
            provider => new SqlitePacingStateStore(provider.GetRequiredService<LocalDatabase>(), TimeProvider.System));
        return services;
    }
}
