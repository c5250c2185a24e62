using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace SiteMonitor.Sandbox.State;

/// <summary>
/// The sandbox's state in SQLite. A write is stored before its response is sent, so that killing the process loses nothing. Used by one
/// thread at a time (<see cref="SandboxState"/> holds the lock).
/// </summary>
internal sealed class SandboxStore : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    public SandboxStore(string? path)
    {
        SqliteConnectionStringBuilder builder = new() { DataSource = path ?? ":memory:", Pooling = false };
        _connection = new SqliteConnection(builder.ToString());
        _connection.Open();
        Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA busy_timeout = 5000;
            CREATE TABLE IF NOT EXISTS repositories (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS issues (
                repository TEXT NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (repository, number));
            CREATE TABLE IF NOT EXISTS writes (sequence INTEGER PRIMARY KEY, json TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS deliveries (sequence INTEGER PRIMARY KEY, json TEXT NOT NULL, payload BLOB NOT NULL);
            """);
    }

    public LoadedState Load()
    {
        lock (_gate)
        {
            return new LoadedState(
                Read("SELECT json FROM repositories ORDER BY key", StateJson.Default.SimulatedRepository),
                Read("SELECT json FROM issues ORDER BY repository, number", StateJson.Default.SimulatedIssue),
                Read("SELECT json FROM writes ORDER BY sequence", StateJson.Default.WriteEntry),
                Read("SELECT json FROM deliveries ORDER BY sequence", StateJson.Default.WebhookDelivery));
        }
    }

    public void Save(StateChange change)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            foreach (SimulatedRepository repository in change.Repositories)
            {
                string json = Json(repository, StateJson.Default.SimulatedRepository);
                Execute("INSERT OR REPLACE INTO repositories VALUES ($a, $b)", repository.Key, json);
            }

            foreach (SimulatedIssue issue in change.Issues)
            {
                string json = Json(issue, StateJson.Default.SimulatedIssue);
                Execute("INSERT OR REPLACE INTO issues VALUES ($a, $b, $c)", issue.Repository, issue.Number, json);
            }

            foreach (WriteEntry write in change.Writes)
            {
                Execute("INSERT INTO writes VALUES ($a, $b)", write.Sequence, Json(write, StateJson.Default.WriteEntry));
            }

            foreach ((WebhookDelivery delivery, byte[] payload) in change.Deliveries)
            {
                string json = Json(delivery, StateJson.Default.WebhookDelivery);
                Execute("INSERT INTO deliveries VALUES ($a, $b, $c)", delivery.Sequence, json, payload);
            }

            transaction.Commit();
        }
    }

    public void Update(WebhookDelivery delivery)
    {
        lock (_gate)
        {
            string json = Json(delivery, StateJson.Default.WebhookDelivery);
            Execute("UPDATE deliveries SET json = $b WHERE sequence = $a", delivery.Sequence, json);
        }
    }

    public byte[] Payload(long sequence)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("SELECT payload FROM deliveries WHERE sequence = $a", sequence);
            return (byte[])(command.ExecuteScalar() ?? throw new InvalidOperationException($"The database has no delivery {sequence}."));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            Execute("DELETE FROM repositories; DELETE FROM issues; DELETE FROM writes; DELETE FROM deliveries;");
            transaction.Commit();
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private List<T> Read<T>(string sql, JsonTypeInfo<T> type)
    {
        using SqliteCommand command = Command(sql);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(JsonSerializer.Deserialize(reader.GetString(0), type)!);
        }

        return rows;
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using SqliteCommand command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    // The statements are constants of this class; values are always passed as parameters.
#pragma warning disable CA2100
    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
        }

        return command;
    }
#pragma warning restore CA2100
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SimulatedRepository))]
[JsonSerializable(typeof(SimulatedIssue))]
[JsonSerializable(typeof(WriteEntry))]
[JsonSerializable(typeof(WebhookDelivery))]
internal sealed partial class StateJson : JsonSerializerContext;

/// <summary>The state found by a restart.</summary>
internal sealed record LoadedState(
    IReadOnlyList<SimulatedRepository> Repositories,
    IReadOnlyList<SimulatedIssue> Issues,
    IReadOnlyList<WriteEntry> Writes,
    IReadOnlyList<WebhookDelivery> Deliveries);
