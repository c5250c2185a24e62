using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>An orchestration in the host's durable database.</summary>
internal sealed record StoredInstance(string Id, OrchestrationRuntimeStatus Status, DateTime Created, string? CustomStatus)
{
    public bool IsUnfinished =>
        Status is OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Suspended;

    public bool HasSucceeded => Status == OrchestrationRuntimeStatus.Completed;

    /// <summary>Returns the instances in a durable database, which may be in use.</summary>
    public static IReadOnlyList<StoredInstance> Read(string database)
    {
        using SqliteConnection connection = new($"Data Source={database};Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = new("SELECT id, status, created, custom_status FROM instances", connection);
        using SqliteDataReader row = command.ExecuteReader();
        List<StoredInstance> instances = [];
        while (row.Read())
        {
            DateTime created = new(row.GetInt64(2), DateTimeKind.Utc);
            string? customStatus = row.IsDBNull(3) ? null : row.GetString(3);
            instances.Add(new StoredInstance(row.GetString(0), (OrchestrationRuntimeStatus)row.GetInt32(1), created, customStatus));
        }

        return instances;
    }
}

/// <summary>Finds the files in which a host's databases keep their data.</summary>
internal static class DatabaseFiles
{
    /// <returns>Databases and their write-ahead logs.</returns>
    public static IReadOnlyList<string> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.db*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".db" or ".db-wal")];
}
