using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Tests.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.LocalHost.Storage;

public sealed class SqliteWriteBudgetStoreTests : WriteBudgetStoreContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pacing").FullName;
    private readonly LocalDatabase _database;

    public SqliteWriteBudgetStoreTests() => _database = new LocalDatabase(Path.Combine(_directory, "state.db"));

    public void Dispose()
    {
        _database.Release();
        Directory.Delete(_directory, recursive: true);
    }

    internal override Task<IWriteBudgetStore> OpenAsync() =>
        Task.FromResult<IWriteBudgetStore>(new SqliteWriteBudgetStore(new LocalDatabase(_database.Path)));
}
