using System.Text.Json.Nodes;
using Azure;
using Azure.Data.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

/// <summary>Holds for the polyfill and for the real package alike: a flag survives being read, flipped and written.</summary>
public sealed class FeatureFlagConfigurationSettingTests : IAsyncLifetime
{
    private const string Rich =
        """
        {"id":"UnifiedPipeline","description":"d","enabled":true,
         "conditions":{"requirement_type":"Any","client_filters":[
            {"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]}},
            {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":12.5,"Groups":[{"Name":"o/r","RolloutPercentage":100}],"Users":[],"Exclusion":null}}}]},
         "variants":[{"name":"on","configuration_value":true}],"allocation":{"default_when_enabled":"on"},"telemetry":{"enabled":true}}
        """;

    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_New_Flag_Is_Stored_In_The_Documented_Form()
    {
        FeatureFlagConfigurationSetting flag = new("Name", true) { Description = "why", ClientFilters = { new FeatureFlagFilter("F", new Dictionary<string, object> { ["Value"] = 5 }) } };

        ConfigurationSetting stored = await _server.Client().SetConfigurationSettingAsync(flag, cancellationToken: Cancellation);

        Assert.Equal(".appconfig.featureflag/Name", stored.Key);
        Assert.Equal("application/vnd.microsoft.appconfig.ff+json;charset=utf-8", stored.ContentType);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"id":"Name","description":"why","enabled":true,"conditions":{"client_filters":[{"name":"F","parameters":{"Value":5}}]}}"""),
            JsonNode.Parse(stored.Value)));
    }

    [Fact]
    public async Task A_Flag_Is_Read_As_A_Flag()
    {
        FeatureFlagConfigurationSetting flag = await Stored(Rich);

        Assert.Equal(("UnifiedPipeline", "d", null, true), (flag.FeatureId, flag.Description, flag.DisplayName, flag.IsEnabled));
        Assert.Equal(["SiteMonitor.IssueLabel", "Microsoft.Targeting"], flag.ClientFilters.Select(f => f.Name));
        IDictionary<string, object> audience = Assert.IsType<IDictionary<string, object>>(flag.ClientFilters[1].Parameters["Audience"], exactMatch: false);
        Assert.Equal(12.5, audience["DefaultRolloutPercentage"]);
        Assert.Null(audience["Exclusion"]);
    }

    [Fact]
    public async Task Flipping_A_Flag_Keeps_Everything_Else()
    {
        FeatureFlagConfigurationSetting flag = await Stored(Rich);
        flag.IsEnabled = false;

        ConfigurationSetting written = await _server.Client().SetConfigurationSettingAsync(flag, onlyIfUnchanged: true, Cancellation);

        JsonNode expected = JsonNode.Parse(Rich)!;
        expected["enabled"] = false;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(written.Value)), written.Value);
    }

    [Fact]
    public async Task A_Filter_Changed_In_Place_Is_Written()
    {
        FeatureFlagConfigurationSetting flag = await Stored(Rich);
        ((IDictionary<string, object>)flag.ClientFilters[1].Parameters["Audience"])["DefaultRolloutPercentage"] = 50;
        flag.ClientFilters.RemoveAt(0);

        JsonNode filters = JsonNode.Parse(flag.Value)!["conditions"]!["client_filters"]!;

        Assert.Equal(50, (int?)filters[0]!["parameters"]!["Audience"]!["DefaultRolloutPercentage"]);
        Assert.Single(filters.AsArray());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"id":"a","enabled":true}""")]
    [InlineData("""{"id":"a","conditions":{}}""")]
    [InlineData("""{"id":"a","enabled":"yes","conditions":{}}""")]
    public async Task A_Value_That_Is_No_Flag_Is_Kept_And_Said(string value)
    {
        FeatureFlagConfigurationSetting flag = await Stored(value);

        Assert.Equal(value, flag.Value);
        Assert.Throws<InvalidOperationException>(() => flag.IsEnabled);
        Assert.Throws<InvalidOperationException>(() => flag.IsEnabled = true);
    }

    [Fact]
    public async Task A_Setting_Of_Another_Key_Or_Content_Type_Is_Not_A_Flag()
    {
        ConfigurationClient client = _server.Client();
        await client.SetConfigurationSettingAsync(new ConfigurationSetting("k", Rich) { ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8" }, cancellationToken: Cancellation);

        Assert.IsNotType<FeatureFlagConfigurationSetting>((await client.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value);
    }

    [Fact]
    public void An_ETag_Given_At_Construction_Is_Kept() => Assert.Equal(new ETag("e"), new FeatureFlagConfigurationSetting("a", false, null, new ETag("e")).ETag);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<FeatureFlagConfigurationSetting> Stored(string value)
    {
        ConfigurationClient client = _server.Client();
        const string key = ".appconfig.featureflag/UnifiedPipeline";
        await client.SetConfigurationSettingAsync(
            new ConfigurationSetting(key, value) { ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8" }, cancellationToken: Cancellation);
        return Assert.IsType<FeatureFlagConfigurationSetting>((await client.GetConfigurationSettingAsync(key, cancellationToken: Cancellation)).Value);
    }
}
