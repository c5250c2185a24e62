using System.Globalization;
using Microsoft.Data.Sqlite;
using SiteMonitor.LocalHost.Functions.Timers;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores timer states in the embedded host's SQLite file.</summary>
internal sealed class SqliteTimerStatusStore(LocalDatabase database) : ITimerStatusStore
{
    public async Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = database.Open();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT schedule, last, next, updated FROM timers WHERE function = $function";
        command.Parameters.AddWithValue("$function", function);
        await using SqliteDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new TimerStatus(
                row.GetString(0), row.IsDBNull(1) ? null : Time(row.GetString(1)), Time(row.GetString(2)), Time(row.GetString(3)))
            : null;
    }

    public async Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = database.Open();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO timers (function, schedule, last, next, updated) "
            + "VALUES ($function, $schedule, $last, $next, $updated)";
        command.Parameters.AddWithValue("$function", function);
        command.Parameters.AddWithValue("$schedule", status.Schedule);
        command.Parameters.AddWithValue("$last", status.Last is { } last ? Text(last) : DBNull.Value);
        command.Parameters.AddWithValue("$next", Text(status.Next));
        command.Parameters.AddWithValue("$updated", Text(status.LastUpdated));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Text(DateTime utc) => utc.ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
