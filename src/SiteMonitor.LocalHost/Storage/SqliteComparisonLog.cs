using System.Text.Json;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Comparison;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores comparisons in the embedded host's SQLite file.</summary>
internal sealed class SqliteComparisonLog(LocalDatabase database) : IComparisonLog
{
    public async Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO comparisons (id, at, phase, json) VALUES ($id, $at, $phase, $json)";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$at", comparison.At.UtcTicks);
        command.Parameters.AddWithValue("$phase", phase);
        command.Parameters.AddWithValue("$json", JsonSerializer.Serialize(comparison, ComparisonJson.Default.IssueComparison));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM comparisons WHERE at >= $from ORDER BY at, id";
        command.Parameters.AddWithValue("$from", from.UtcTicks);
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<IssueComparison> comparisons = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            comparisons.Add(JsonSerializer.Deserialize(reader.GetString(0), ComparisonJson.Default.IssueComparison)!);
        }

        return comparisons;
    }
}
