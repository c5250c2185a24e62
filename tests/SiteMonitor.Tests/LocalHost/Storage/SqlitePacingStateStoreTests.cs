using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Tests.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.LocalHost.Storage;

public sealed class SqlitePacingStateStoreTests : PacingStateStoreContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pacing").FullName;
    private readonly LocalDatabase _database;

    public SqlitePacingStateStoreTests() => _database = new LocalDatabase(Path.Combine(_directory, "state.db"));

    public void Dispose()
    {
        _database.Release();
        Directory.Delete(_directory, recursive: true);
    }

    internal override Task<IPacingStateStore> OpenAsync() =>
        Task.FromResult<IPacingStateStore>(new SqlitePacingStateStore(new LocalDatabase(_database.Path), TimeProvider.System));
}
