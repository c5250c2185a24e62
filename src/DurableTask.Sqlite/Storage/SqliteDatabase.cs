using SQLitePCL;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// A connection over SQLite's C API. Not thread-safe.
/// The writer runs tens of thousands of prepared statements a second; ADO.NET objects per statement would double their cost.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a statement waits for a lock that another program holds.</summary>
    private const int BusyTimeoutMilliseconds = 1_000;

    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _handle;
    private readonly string _path;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, _path) = (handle, path);

    public static SqliteDatabase Open(string path, bool readOnly = false)
    {
        int mode = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, mode | raw.SQLITE_OPEN_NOMUTEX, null);
        SqliteDatabase database = new(handle, path);
        if (code != raw.SQLITE_OK)
        {
            using (database)
            {
                throw database.Failure(code);
            }
        }

        raw.sqlite3_busy_timeout(handle, BusyTimeoutMilliseconds);
        return database;
    }

    /// <summary>Runs statements that are not prepared.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs a statement, which is prepared once for each text. Values are null, long, string or byte[].</summary>
    public void Run(string sql, params ReadOnlySpan<object?> values) => Query(sql, static _ => 0, values);

    /// <inheritdoc cref="Run"/>
    public List<T> Query<T>(string sql, Func<Row, T> read, params ReadOnlySpan<object?> values)
    {
        sqlite3_stmt statement = Bind(sql, values);
        try
        {
            List<T> rows = [];
            while (Step(statement))
            {
                rows.Add(read(new Row(statement)));
            }

            return rows;
        }
        finally
        {
            // A statement left in the middle of its rows would hold its snapshot, and the log could never be checkpointed.
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>Returns the first column of the first row as an integer.</summary>
    public long Scalar(string sql) => Query(sql, row => row.Int64(0)).FirstOrDefault();

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in _statements.Values)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out sqlite3_stmt? statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            _statements.Add(sql, statement);
        }

        for (int n = 0; n < values.Length; n++)
        {
            Check(values[n] switch
            {
                null => raw.sqlite3_bind_null(statement, n + 1),
                long number => raw.sqlite3_bind_int64(statement, n + 1, number),
                string text => raw.sqlite3_bind_text(statement, n + 1, text),
                byte[] blob => raw.sqlite3_bind_blob(statement, n + 1, blob),
                object other => throw new NotSupportedException($"Values of type {other.GetType()} are not supported."),
            });
        }

        return statement;
    }

    private bool Step(sqlite3_stmt statement)
    {
        int code = raw.sqlite3_step(statement);
        return code == raw.SQLITE_ROW || (code == raw.SQLITE_DONE ? false : throw Failure(code));
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    private StorageException Failure(int code) =>
        new(code, $"{_path}: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite error {code & 0xFF}).");
}

/// <summary>The current row of a query. Columns count from 0.</summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public string? Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);
}
