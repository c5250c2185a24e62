using System.Text.Json;
using System.Text.Json.Nodes;

namespace Azure.Data.AppConfiguration;

/// <summary>
/// A feature flag. What its JSON holds beyond the properties here (variants, allocation, requirement type, telemetry) is kept as it is; a value that is
/// no feature flag is kept too, but the properties throw.
/// </summary>
public class FeatureFlagConfigurationSetting : ConfigurationSetting
{
    internal const string FeatureFlagContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";

    private FeatureFlagValue _flag = new();
    private string _invalid;

    public FeatureFlagConfigurationSetting(string featureId, bool isEnabled, string label = null)
        : this(featureId, isEnabled, label, default)
    {
    }

    public FeatureFlagConfigurationSetting(string featureId, bool isEnabled, string label, ETag etag)
    {
        Key = KeyPrefix + featureId;
        Label = label;
        ContentType = FeatureFlagContentType;
        ETag = etag;
        FeatureId = featureId;
        IsEnabled = isEnabled;
    }

    internal FeatureFlagConfigurationSetting()
    {
    }

    public static string KeyPrefix { get; } = ".appconfig.featureflag/";

    public string FeatureId
    {
        get => Flag.Id;
        set => Flag.Id = value;
    }

    public string Description
    {
        get => Flag.Description;
        set => Flag.Description = value;
    }

    public string DisplayName
    {
        get => Flag.DisplayName;
        set => Flag.DisplayName = value;
    }

    public bool IsEnabled
    {
        get => Flag.Enabled;
        set => Flag.Enabled = value;
    }

    public IList<FeatureFlagFilter> ClientFilters => Flag.Filters;

    private FeatureFlagValue Flag =>
        _flag ?? throw new InvalidOperationException($"The content of the {nameof(Value)} property do not represent a valid feature flag object.");

    internal override string GetValue() => _flag?.Format() ?? _invalid;

    internal override void SetValue(string value)
    {
        try
        {
            _flag = FeatureFlagValue.Parse(JsonNode.Parse(value).AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            _flag = null;
        }

        _invalid = _flag is null ? value : null;
    }
}
/// <summary>One condition of a feature flag; who reads the flag evaluates it.</summary>
public class FeatureFlagFilter
{
    public FeatureFlagFilter(string name)
        : this(name, new Dictionary<string, object>())
    {
    }

    public FeatureFlagFilter(string name, IDictionary<string, object> parameters)
    {
        Name = name;
        Parameters = parameters;
    }

    public string Name { get; }

    public IDictionary<string, object> Parameters { get; }
}
