using Azure;
using Azure.Data.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

/// <summary>The client against the simulated store; with the real package the same holds.</summary>
public sealed class ConfigurationClientTests : IAsyncLifetime
{
    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Setting_Is_Read_As_It_Was_Written()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting written = new("a/b c*,é", "value \"✓\"", "label one") { ContentType = "text/plain", Tags = { ["team"] = "ops" } };

        ConfigurationSetting stored = await client.SetConfigurationSettingAsync(written, cancellationToken: Cancellation);
        ConfigurationSetting read = await client.GetConfigurationSettingAsync("a/b c*,é", "label one", Cancellation);

        Assert.Equal((written.Key, written.Value, written.Label, written.ContentType), (read.Key, read.Value, read.Label, read.ContentType));
        Assert.Equal("ops", read.Tags["team"]);
        Assert.Equal(stored.ETag, read.ETag);
        Assert.Equal(_server.Time.GetUtcNow(), read.LastModified);
        Assert.False(read.IsReadOnly);
    }

    [Fact]
    public void The_Synchronous_Methods_Do_The_Same()
    {
        ConfigurationClient client = _server.Client();
        client.AddConfigurationSetting("k", "1", cancellationToken: Cancellation);
        client.SetConfigurationSetting("k", "2", cancellationToken: Cancellation);
        client.SetReadOnly("k", true, Cancellation);

        ConfigurationSetting read = client.GetConfigurationSetting("k", cancellationToken: Cancellation);
        Assert.Equal(("2", true), (read.Value, read.IsReadOnly));
        Assert.Equal(["k"], client.GetConfigurationSettings(new SettingSelector(), Cancellation).Select(s => s.Key));
        client.SetReadOnly("k", false, Cancellation);
        Assert.Equal(200, client.DeleteConfigurationSetting("k", cancellationToken: Cancellation).Status);
    }

    [Fact]
    public async Task The_Same_Key_With_And_Without_Label_Are_Two_Settings()
    {
        ConfigurationClient client = _server.Client();
        await client.SetConfigurationSettingAsync("k", "none", cancellationToken: Cancellation);
        await client.SetConfigurationSettingAsync("k", "labelled", "l", Cancellation);

        Assert.Equal("none", (await client.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);
        Assert.Equal("labelled", (await client.GetConfigurationSettingAsync("k", "l", Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Reading_What_Is_Not_There_Fails_With_404() =>
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => _server.Client().GetConfigurationSettingAsync("no", cancellationToken: Cancellation))).Status);

    [Fact]
    public async Task Deleting_What_Is_Not_There_Answers_204() =>
        Assert.Equal(204, (await _server.Client().DeleteConfigurationSettingAsync("no", cancellationToken: Cancellation)).Status);

    [Fact]
    public async Task Adding_What_Is_There_Fails_With_412_And_Changes_Nothing()
    {
        ConfigurationClient client = _server.Client();
        await client.AddConfigurationSettingAsync("k", "first", cancellationToken: Cancellation);

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => client.AddConfigurationSettingAsync("k", "second", cancellationToken: Cancellation));

        Assert.Equal(412, failure.Status);
        Assert.StartsWith("Setting was already present.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await client.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Writing_Only_If_Unchanged_Fails_With_412_After_Another_Write()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting mine = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);
        await client.SetConfigurationSettingAsync("k", "2", cancellationToken: Cancellation);
        mine.Value = "3";

        Assert.Equal(412, (await Assert.ThrowsAsync<RequestFailedException>(() => client.SetConfigurationSettingAsync(mine, true, Cancellation))).Status);
        Assert.Equal(412, (await Assert.ThrowsAsync<RequestFailedException>(() => client.DeleteConfigurationSettingAsync(mine, true, Cancellation))).Status);
        Assert.Equal("2", (await client.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Writing_Only_If_Unchanged_Fails_With_412_After_A_Delete()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting mine = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);
        await client.DeleteConfigurationSettingAsync("k", cancellationToken: Cancellation);

        Assert.Equal(412, (await Assert.ThrowsAsync<RequestFailedException>(() => client.SetConfigurationSettingAsync(mine, true, Cancellation))).Status);
    }

    [Fact]
    public async Task An_Unchanged_Setting_Is_Not_Sent_Again()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting known = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);

        Response<ConfigurationSetting> unchanged = await client.GetConfigurationSettingAsync(known, true, Cancellation);
        Assert.Equal((304, false), (unchanged.GetRawResponse().Status, unchanged.HasValue));
        Assert.ThrowsAny<Exception>(() => unchanged.Value);

        await client.SetConfigurationSettingAsync("k", "2", cancellationToken: Cancellation);
        Assert.Equal("2", (await client.GetConfigurationSettingAsync(known, true, Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Writing_The_Same_Again_Keeps_The_ETag_And_Locking_Changes_It()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting first = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);
        ConfigurationSetting again = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);
        ConfigurationSetting locked = await client.SetReadOnlyAsync("k", true, Cancellation);

        Assert.Equal(first.ETag, again.ETag);
        Assert.NotEqual(first.ETag, locked.ETag);
        Assert.True(locked.IsReadOnly);
    }

    [Fact]
    public async Task A_Locked_Setting_Is_Neither_Written_Nor_Deleted()
    {
        ConfigurationClient client = _server.Client();
        await client.SetConfigurationSettingAsync("k", "1", "l", Cancellation);
        await client.SetReadOnlyAsync("k", "l", true, Cancellation);

        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => client.SetConfigurationSettingAsync("k", "2", "l", Cancellation));
        Assert.Equal(409, refused.Status);
        Assert.StartsWith("The setting is read only", refused.Message, StringComparison.Ordinal);
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => client.DeleteConfigurationSettingAsync("k", "l", Cancellation))).Status);

        await client.SetReadOnlyAsync("k", "l", false, Cancellation);
        Assert.Equal("2", (await client.SetConfigurationSettingAsync("k", "2", "l", Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Locking_Only_If_Unchanged_Fails_With_412_After_Another_Write()
    {
        ConfigurationClient client = _server.Client();
        ConfigurationSetting mine = await client.SetConfigurationSettingAsync("k", "1", cancellationToken: Cancellation);
        await client.SetConfigurationSettingAsync("k", "2", cancellationToken: Cancellation);

        Assert.Equal(412, (await Assert.ThrowsAsync<RequestFailedException>(() => client.SetReadOnlyAsync(mine, true, true, Cancellation))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => client.SetReadOnlyAsync("no", true, Cancellation))).Status);
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
