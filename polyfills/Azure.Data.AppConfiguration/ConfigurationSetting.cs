namespace Azure.Data.AppConfiguration;

/// <summary>A key-value: key and label together are unique.</summary>
public class ConfigurationSetting
{
    private string _value;

    public ConfigurationSetting(string key, string value, string label = null)
        : this(key, value, label, default)
    {
    }

    public ConfigurationSetting(string key, string value, string label, ETag etag)
    {
        Key = key;
        Value = value;
        Label = label;
        ETag = etag;
    }

    internal ConfigurationSetting()
    {
    }

    public string Key { get; set; }

    public string Label { get; set; }

    public string Value
    {
        get => GetValue();
        set => SetValue(value);
    }

    public string ContentType { get; set; }

    public ETag ETag { get; internal set; }

    public DateTimeOffset? LastModified { get; internal set; }

    public bool? IsReadOnly { get; internal set; }

    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>();

    public override string ToString() => $"({Key},{Value})";

    internal virtual string GetValue() => _value;

    internal virtual void SetValue(string value) => _value = value;
}
