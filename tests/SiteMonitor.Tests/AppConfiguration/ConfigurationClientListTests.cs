using Azure;
using Azure.Data.AppConfiguration;
using SiteMonitor.Benchmarks.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

public sealed class ConfigurationClientListTests : IAsyncLifetime
{
    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_Pages_Are_Read_In_Order()
    {
        Seed(250);

        string[] keys = [.. await Keys(new SettingSelector { KeyFilter = "k*" })];

        Assert.Equal(Enumerable.Range(0, 250).Select(Key), keys);
    }

    [Fact]
    public async Task A_List_Comes_In_Pages_Of_A_Hundred_And_Goes_On_Where_A_Token_Says()
    {
        Seed(250);
        AsyncPageable<ConfigurationSetting> list = _server.Client().GetConfigurationSettingsAsync(new SettingSelector(), Cancellation);

        List<Page<ConfigurationSetting>> pages = await list.AsPages().ToListAsync(Cancellation);
        Assert.Equal([100, 100, 50], pages.Select(p => p.Values.Count));

        List<Page<ConfigurationSetting>> rest = await list.AsPages(pages[0].ContinuationToken).ToListAsync(Cancellation);
        Assert.Equal(Key(100), rest[0].Values[0].Key);
        Assert.Equal(2, rest.Count);
    }

    [Fact]
    public async Task Only_The_Page_That_Changed_Is_Sent_Again()
    {
        Seed(250);
        ConfigurationClient client = _server.Client();
        AsyncPageable<ConfigurationSetting> list = client.GetConfigurationSettingsAsync(new SettingSelector(), Cancellation);
        List<MatchConditions> known =
            [.. (await list.AsPages().ToListAsync(Cancellation)).Select(p => new MatchConditions { IfNoneMatch = p.GetRawResponse().Headers.ETag })];
        await client.SetConfigurationSettingAsync(Key(120), "changed", cancellationToken: Cancellation);

        List<Page<ConfigurationSetting>> pages = await list.AsPages(known).ToListAsync(Cancellation);

        Assert.Equal([304, 200, 304], pages.Select(p => p.GetRawResponse().Status));
        Assert.Equal([0, 100, 0], pages.Select(p => p.Values.Count));
        Assert.Equal(
            [304, 200, 304],
            ConfigurationClientExtensions.AsPages(client.GetConfigurationSettings(new SettingSelector(), Cancellation), known).Select(p => p.GetRawResponse().Status));
    }

    [Fact]
    public void Conditions_Need_The_List_Of_A_Client() =>
        Assert.Throws<InvalidOperationException>(() => AsyncPageable<ConfigurationSetting>.FromPages([]).AsPages([]));

    [Theory]
    [InlineData("a*", null, "a a+l ab")]
    [InlineData("a", null, "a a+l")]
    [InlineData("a", "\0", "a")]
    [InlineData(null, "\0", "a ab b c\\*d")]
    [InlineData(null, "l", "a+l")]
    [InlineData(null, "l*", "a+l")]
    [InlineData("a,b", "\0", "a b")]
    [InlineData("c\\\\\\*d", null, "c\\*d")]
    [InlineData(null, null, "a a+l ab b c\\*d")]
    [InlineData("z*", null, "")]
    public async Task Filters_Choose_By_Key_And_Label(string? keys, string? labels, string expected)
    {
        foreach (string key in (string[])["a", "ab", "b", "c\\*d"])
        {
            _server.Store.Put(key, null, new KeyValueContent("v"), Preconditions.None);
        }

        _server.Store.Put("a", "l", new KeyValueContent("v"), Preconditions.None);

        IEnumerable<string> found = (await List(new SettingSelector { KeyFilter = keys, LabelFilter = labels })).Select(s => s.Label is null ? s.Key : $"{s.Key}+{s.Label}");

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("a*b")]
    [InlineData("a*,b")]
    [InlineData("a\\")]
    [InlineData("1,2,3,4,5,6")]
    public async Task A_Filter_That_Is_Not_Allowed_Is_Refused_By_Name(string filter)
    {
        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => List(new SettingSelector { LabelFilter = filter }));

        Assert.Equal(400, refused.Status);
        Assert.Contains("\"name\":\"label\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_The_Fields_Asked_For_Are_Sent()
    {
        await _server.Client().SetConfigurationSettingAsync(new ConfigurationSetting("k", "v") { ContentType = "t", Tags = { ["a"] = "b" } }, cancellationToken: Cancellation);

        ConfigurationSetting found = Assert.Single(await List(new SettingSelector { Fields = SettingFields.Key | SettingFields.Value }));

        Assert.Equal(("k", "v", null), (found.Key, found.Value, found.ContentType));
        Assert.Empty(found.Tags);
        Assert.Equal(default, found.ETag);
    }

    [Fact]
    public async Task Tags_Narrow_The_List()
    {
        ConfigurationClient client = _server.Client();
        await client.SetConfigurationSettingAsync(new ConfigurationSetting("both", "v") { Tags = { ["a"] = "1", ["b"] = "2=3" } }, cancellationToken: Cancellation);
        await client.SetConfigurationSettingAsync(new ConfigurationSetting("one", "v") { Tags = { ["a"] = "1" } }, cancellationToken: Cancellation);

        Assert.Equal(["both", "one"], await Keys(new SettingSelector { TagsFilter = { "a=1" } }));
        Assert.Equal(["both"], await Keys(new SettingSelector { TagsFilter = { "a=1", "b=2=3" } }));
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Key(int i) => $"k{i:000}";

    private void Seed(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _server.Store.Put(Key(i), null, new KeyValueContent("v"), Preconditions.None);
        }
    }

    private async Task<IEnumerable<string>> Keys(SettingSelector selector) => (await List(selector)).Select(s => s.Key);

    private async Task<IReadOnlyList<ConfigurationSetting>> List(SettingSelector selector) =>
        await _server.Client().GetConfigurationSettingsAsync(selector, Cancellation).ToListAsync(Cancellation);
}
