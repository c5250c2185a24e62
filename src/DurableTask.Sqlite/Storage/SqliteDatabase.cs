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

    private readonly sqlite3 _handle;
    private readonly string _path;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, _path) = (handle, path);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public static SqliteDatabase Open(string path, bool readOnly = false)
    {
        int mode = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, mode | raw.SQLITE_OPEN_NOMUTEX, null);
        SqliteDatabase database = new(handle, path);
        if (code != raw.SQLITE_OK)
        {
            StorageException failure = database.Failure(code);
            database.Dispose();
            throw failure;
        }

        raw.sqlite3_busy_timeout(handle, BusyTimeoutMilliseconds);
        return database;
    }

    public SqliteStatement Prepare(string sql)
    {
        int code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement);
        return code == raw.SQLITE_OK ? new SqliteStatement(this, statement) : throw Failure(code);
    }

    public void Execute(string sql)
    {
        int code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <summary>Returns the first column of the first row as an integer, 0 when there is no row.</summary>
    public long Scalar(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    public StorageException Failure(int code) =>
        new(code, $"{_path}: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite error {code & 0xFF}).");

    public void Dispose() => _handle.Dispose();
}
