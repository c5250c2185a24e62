using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

public sealed class FileFlagStoreTests : IDisposable
{
    private readonly FlagFile _flags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _flags.Dispose();

    [Fact]
    public async Task An_Edit_By_Hand_Applies_With_The_Next_Use()
    {
        _flags.With(FlagFile.On("A"));
        FlagSnapshot before = await _flags.Source.CurrentAsync(Cancel);
        _flags.With(FlagFile.Off("A"));
        FlagSnapshot after = await _flags.Source.CurrentAsync(Cancel);

        Assert.True(before.Find("A")!.Flag.Enabled);
        Assert.False(after.Find("A")!.Flag.Enabled);
        Assert.NotEqual(before.Revision, after.Revision);
    }

    [Fact]
    public async Task A_Write_With_The_ETag_That_Was_Read_Changes_That_Flag_Only()
    {
        _flags.With(FlagFile.On("A"), FlagFile.On("B"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("A")!;

        FlagWriteResult result = await _flags.Store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel);

        FlagSnapshot after = await _flags.Source.CurrentAsync(Cancel);
        Assert.Equal(after.Find("A")!.ETag, Assert.IsType<FlagWriteResult.Written>(result).ETag);
        Assert.False(after.Find("A")!.Flag.Enabled);
        Assert.True(after.Find("B")!.Flag.Enabled);
    }

    [Fact]
    public async Task A_Write_Waits_For_Another_Writers_Short_Lock()
    {
        _flags.With(FlagFile.On("A"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("A")!;
        Task<FlagWriteResult> write;
        using (File.Open($"{_flags.Path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            write = _flags.Store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel);
            Assert.False(write.IsCompleted);
        }

        Assert.IsType<FlagWriteResult.Written>(await write);
    }

    [Fact]
    public async Task A_Change_Made_Meanwhile_Is_Not_Overwritten()
    {
        _flags.With(FlagFile.On("A"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("A")!;
        _flags.With("""{"id":"A","enabled":true,"description":"by hand"}""");

        Assert.IsType<FlagWriteResult.Conflict>(await _flags.Store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel));
        Assert.IsType<FlagWriteResult.Conflict>(await _flags.Store.WriteAsync("A", FlagFile.Off("A"), null, Cancel));
        Assert.Contains("by hand", (await _flags.Source.CurrentAsync(Cancel)).Find("A")!.Flag.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_Elses_Read_Of_The_New_Flags_Does_Not_Hide_Them_From_Us()
    {
        _flags.With(FlagFile.On("A"));
        await _flags.Source.CurrentAsync(Cancel);
        _flags.With(FlagFile.Off("A"));
        await _flags.Store.ReadAsync(null, Cancel);

        Assert.False((await _flags.Source.CurrentAsync(Cancel)).Find("A")!.Flag.Enabled);
    }

    [Fact]
    public async Task A_Flag_That_Is_Absent_Is_Created_Also_In_A_New_File()
    {
        Assert.IsType<FlagWriteResult.Written>(await _flags.Store.WriteAsync("A", FlagFile.On("A"), null, Cancel));

        Assert.True((await _flags.Source.CurrentAsync(Cancel)).Find("A")!.Flag.Enabled);
    }

    [Fact]
    public async Task Sixteen_Writers_At_Once_Lose_No_Flag()
    {
        _flags.With();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            while (await _flags.Store.WriteAsync($"F{i}", FlagFile.On($"F{i}"), null, Cancel) is not FlagWriteResult.Written)
            {
                await Task.Yield();
            }
        }));

        Assert.Equal(16, (await _flags.Source.RefreshAsync(Cancel)).Flags.Count);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"feature_management":{"feature_flags":[1]}}""")]
    public async Task A_Broken_File_Leaves_The_Last_Known_Flags_In_Force_Also_After_A_Restart(string broken)
    {
        _flags.With(FlagFile.On("A"));
        FlagSnapshot good = await _flags.Source.CurrentAsync(Cancel);
        await File.WriteAllTextAsync(_flags.Path, broken, Cancel);

        FlagSnapshot held = await _flags.Source.CurrentAsync(Cancel);
        using FlagSource restarted = _flags.NewSource();
        FlagSnapshot afterRestart = await restarted.CurrentAsync(Cancel);

        Assert.Equal(good.Revision, held.Revision);
        Assert.Equal(good.Revision, afterRestart.Revision);
        Assert.Contains("last known flags hold", Assert.Single(restarted.Health.Problems), StringComparison.Ordinal);

        _flags.With(FlagFile.Off("A"));
        Assert.False((await restarted.CurrentAsync(Cancel)).Find("A")!.Flag.Enabled);
        Assert.True(restarted.Health.IsHealthy);
    }
}
