using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

/// <summary>What every store of pacing states must do.</summary>
public abstract class PacingStateStoreContract
{
    private static readonly PacingState Some = new()
    {
        Slots = [1_000, 2_000],
        HeldUntil = new Dictionary<string, long> { [""] = 5, ["graphql"] = 6 },
        Processes = new Dictionary<string, long> { ["a"] = 7 },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test, each time as another process would.</summary>
    internal abstract Task<IPacingStateStore> OpenAsync();

    [Fact]
    public async Task A_Record_Is_Empty_Before_The_First_Save_And_Then_What_Was_Saved_For_Its_Credential()
    {
        VersionedPacingState before = await (await OpenAsync()).ReadAsync("installation-1", Stop);
        Assert.Null(before.Version);
        Assert.Empty(before.State.Slots);

        string? version = await (await OpenAsync()).TrySaveAsync("installation-1", Some, null, Stop);

        VersionedPacingState after = await (await OpenAsync()).ReadAsync("installation-1", Stop);
        Assert.Equal(version, after.Version);
        Assert.Equivalent(Some, after.State, strict: true);
        Assert.Null((await (await OpenAsync()).ReadAsync("token-2", Stop)).Version);
    }

    [Fact]
    public async Task Of_Those_Who_Save_On_The_Same_Version_Only_One_Does()
    {
        string?[] first = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SaveAsync(Some, null)));
        string version = Assert.Single(first, v => v is not null)!;

        string?[] next = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SaveAsync(Some with { Slots = [i] }, version)));

        int winner = Array.FindIndex(next, v => v is not null);
        Assert.Single(next, v => v is not null);
        Assert.Equal([winner], (await (await OpenAsync()).ReadAsync("c", Stop)).State.Slots.Select(s => (int)s));
        Assert.Null(await SaveAsync(Some, version));
        Assert.Null(await SaveAsync(Some, null));
    }

    [Fact]
    public async Task The_Store_Tells_Its_Time()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        VersionedPacingState read = await (await OpenAsync()).ReadAsync("c", Stop);

        // The storage runs on this machine, and may cut the time to seconds.
        Assert.InRange(read.Now, now - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow());
    }

    private async Task<string?> SaveAsync(PacingState state, string? version) =>
        await (await OpenAsync()).TrySaveAsync("c", state, version, Stop);
}

public sealed class InMemoryPacingStateStoreTests : PacingStateStoreContract
{
    private readonly InMemoryPacingStateStore _store = new(TimeProvider.System);

    internal override Task<IPacingStateStore> OpenAsync() => Task.FromResult<IPacingStateStore>(_store);
}
