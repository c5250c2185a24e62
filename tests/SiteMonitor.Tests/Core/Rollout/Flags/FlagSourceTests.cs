using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Tests.Core.Rollout.Flags;

public sealed class FlagSourceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly Store _store = new();
    private readonly Kept _kept = new();
    private readonly FlagSource _source;

    public FlagSourceTests() => _source = new FlagSource(_store, _kept, FlagPolling.Default, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task An_Idle_App_Polls_Nothing()
    {
        await _source.CurrentAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(8));

        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task A_Snapshot_Is_Polled_When_Thirty_Seconds_Old_And_For_A_While_After_A_Change_When_Five_Seconds_Old()
    {
        await _source.CurrentAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(29));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(1, _store.Reads);

        _store.Next = new FlagReadResult.Loaded(Snapshot("changed"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(2, _store.Reads);

        _store.Next = new FlagReadResult.Unchanged();
        _time.Advance(TimeSpan.FromSeconds(5));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(3, _store.Reads);

        _time.Advance(TimeSpan.FromMinutes(11));
        await _source.CurrentAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(6));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(4, _store.Reads);
    }

    [Fact]
    public async Task While_The_Store_Is_Down_The_Flags_Hold_And_It_Is_Asked_Every_Five_Seconds()
    {
        FlagSnapshot good = await _source.CurrentAsync(Cancel);
        _store.Next = new FlagReadResult.Unavailable("it answers 503.");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(good.Revision, (await _source.CurrentAsync(Cancel)).Revision);
        _time.Advance(TimeSpan.FromSeconds(4));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(2, _store.Reads);
        Assert.Contains("it answers 503.", Assert.Single(_source.Health.Problems), StringComparison.Ordinal);

        _store.Next = new FlagReadResult.Unchanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _source.CurrentAsync(Cancel);
        Assert.Equal(3, _store.Reads);
        Assert.True(_source.Health.IsHealthy);
    }

    [Fact]
    public async Task A_Start_During_An_Outage_Takes_The_Kept_Flags()
    {
        _store.Next = new FlagReadResult.Unavailable("no connection.");
        _kept.Snapshot = Snapshot("kept");

        Assert.Equal(_kept.Snapshot.Revision, (await _source.CurrentAsync(Cancel)).Revision);
        Assert.Contains("last known flags stay in effect", Assert.Single(_source.Health.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_Askers_At_Once_Cause_One_Read()
    {
        _store.Gate = new TaskCompletionSource();
        Task<FlagSnapshot>[] askers = [.. Enumerable.Range(0, 50).Select(_ => _source.CurrentAsync(Cancel).AsTask())];
        _store.Gate.SetResult();
        await Task.WhenAll(askers);

        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task Flags_That_A_Store_Does_Not_Have_Are_Named_With_What_To_Do()
    {
        _store.Next = new FlagReadResult.Loaded(new FlagSnapshot(Snapshot("first").Flags.Where(f => f.Name != FlagNames.AutomaticRollback), DateTimeOffset.UnixEpoch));
        await _source.CurrentAsync(Cancel);

        string lacking = Assert.Single(_source.Health.Problems);
        Assert.Contains("lacks AutomaticRollback", lacking, StringComparison.Ordinal);
        Assert.Contains("AppConfiguration:Prefix", lacking, StringComparison.Ordinal);

        _store.Next = new FlagReadResult.Loaded(new FlagSnapshot([], DateTimeOffset.UnixEpoch));
        await _source.RefreshAsync(Cancel);
        Assert.Contains("none of the 10 flags", Assert.Single(_source.Health.Problems), StringComparison.Ordinal);
    }

    private static FlagSnapshot Snapshot(string description) =>
        new(FlagNames.All.Select(name => new StoredFlag(name, $$"""{"enabled":true,"description":"{{description}}"}""", "1", FlagSetting.On)), DateTimeOffset.UnixEpoch);

    private sealed class Store : IFlagStore
    {
        public int Reads { get; private set; }

        public FlagReadResult Next { get; set; } = new FlagReadResult.Loaded(Snapshot("first"));

        public TaskCompletionSource? Gate { get; set; }

        public string Description => "a store";

        public async Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken)
        {
            Reads++;
            await (Gate?.Task ?? Task.CompletedTask);
            return Next is FlagReadResult.Unchanged && known is null ? new FlagReadResult.Loaded(Snapshot("first")) : Next;
        }

        public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken) =>
            throw new NotSupportedException("These tests write nothing.");
    }

    private sealed class Kept : ILastKnownFlags
    {
        public FlagSnapshot? Snapshot { get; set; }

        public Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(Snapshot);

        public Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken)
        {
            Snapshot = snapshot;
            return Task.CompletedTask;
        }
    }
}
