using System.Text.Json.Nodes;
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
        _flags.With(FlagFile.On("AutomaticTriggers"));
        FlagSnapshot before = await _flags.Source.CurrentAsync(Cancel);
        _flags.With(FlagFile.Off("AutomaticTriggers"));
        FlagSnapshot after = await _flags.Source.CurrentAsync(Cancel);

        Assert.True(before.Find("AutomaticTriggers")!.Setting.Enabled);
        Assert.False(after.Find("AutomaticTriggers")!.Setting.Enabled);
        Assert.NotEqual(before.Revision, after.Revision);
    }

    [Fact]
    public async Task A_Write_With_The_ETag_That_Was_Read_Changes_That_Flag_Only()
    {
        _flags.With(FlagFile.On("AutomaticTriggers"), FlagFile.On("LegacyCommands"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!;

        FlagWriteResult result = await _flags.Store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel);

        FlagSnapshot after = await _flags.Source.CurrentAsync(Cancel);
        Assert.Equal(after.Find("AutomaticTriggers")!.ETag, Assert.IsType<FlagWriteResult.Written>(result).ETag);
        Assert.False(after.Find("AutomaticTriggers")!.Setting.Enabled);
        Assert.True(after.Find("LegacyCommands")!.Setting.Enabled);
    }

    [Fact]
    public async Task A_Write_Waits_For_Another_Writers_Short_Lock()
    {
        _flags.With(FlagFile.On("AutomaticTriggers"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!;
        Task<FlagWriteResult> write;
        using (File.Open($"{_flags.Path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            write = _flags.Store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel);
            Assert.False(write.IsCompleted);
        }

        Assert.IsType<FlagWriteResult.Written>(await write);
    }

    [Fact]
    public async Task A_Change_Made_Meanwhile_Is_Not_Overwritten()
    {
        _flags.With(FlagFile.On("AutomaticTriggers"));
        StoredFlag read = (await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!;
        _flags.With("""{"id":"AutomaticTriggers","enabled":true,"description":"by hand"}""");

        Assert.IsType<FlagWriteResult.Conflict>(await _flags.Store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));
        Assert.IsType<FlagWriteResult.Conflict>(await _flags.Store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), null, Cancel));
        Assert.Contains("by hand", (await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_Elses_Read_Of_The_New_Flags_Does_Not_Hide_Them_From_Us()
    {
        _flags.With(FlagFile.On("AutomaticTriggers"));
        await _flags.Source.CurrentAsync(Cancel);
        _flags.With(FlagFile.Off("AutomaticTriggers"));
        await _flags.Store.ReadAsync(null, Cancel);

        Assert.False((await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!.Setting.Enabled);
    }

    [Fact]
    public async Task A_Flag_That_Is_Absent_Is_Created_Also_In_A_New_File()
    {
        Assert.IsType<FlagWriteResult.Written>(await _flags.Store.WriteAsync("AutomaticTriggers", FlagFile.On("AutomaticTriggers"), null, Cancel));

        Assert.True((await _flags.Source.CurrentAsync(Cancel)).Find("AutomaticTriggers")!.Setting.Enabled);
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

        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(_flags.Path, Cancel))!;
        Assert.Equal(16, document["feature_management"]!["feature_flags"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"feature_management":{"feature_flags":[1]}}""")]
    public async Task A_Broken_File_Leaves_The_Last_Known_Flags_In_Force_Also_After_A_Restart(string broken)
    {
        _flags.With(FlagFile.On("AutomaticTriggers"));
        FlagSnapshot good = await _flags.Source.CurrentAsync(Cancel);
        await File.WriteAllTextAsync(_flags.Path, broken, Cancel);

        FlagSnapshot held = await _flags.Source.CurrentAsync(Cancel);
        using FlagSource restarted = _flags.NewSource();
        FlagSnapshot afterRestart = await restarted.CurrentAsync(Cancel);

        Assert.Equal(good.Revision, held.Revision);
        Assert.Equal(good.Revision, afterRestart.Revision);
        Assert.Contains("last known flags stay in effect", Assert.Single(restarted.Health.Problems), StringComparison.Ordinal);

        _flags.With(FlagFile.Off("AutomaticTriggers"));
        Assert.False((await restarted.CurrentAsync(Cancel)).Find("AutomaticTriggers")!.Setting.Enabled);
        Assert.Empty(restarted.Health.Warnings);
    }
}
