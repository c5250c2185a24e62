using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.Tests.LocalHost.Storage;

public sealed class SqliteAnalysisCacheTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    [Fact]
    public async Task An_Answer_Is_Found_Again_After_A_Restart_And_Replaced_By_A_Newer_One()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        SqliteAnalysisCache cache = new(new LocalDatabase(Path.Combine(_directory.Path, "state.db")));

        Assert.Null(await cache.FindAsync("key", cancelled));
        await cache.StoreAsync("key", """{"a":1}""", cancelled);
        await cache.StoreAsync("key", """{"a":2}""", cancelled);

        Assert.Equal("""{"a":2}""", await new SqliteAnalysisCache(new LocalDatabase(Path.Combine(_directory.Path, "state.db"))).FindAsync("key", cancelled));
    }

    public void Dispose() => _directory.Dispose();
}
