namespace Azure.Data.AppConfiguration;

/// <summary>Which key-values to list.</summary>
public class SettingSelector
{
    public static readonly string Any = "*";

    /// <summary>A key, several between commas, or the start of some with <c>*</c> behind; null: all.</summary>
    public string KeyFilter { get; set; }

    /// <summary>As <see cref="KeyFilter"/>; the null character asks for those without label.</summary>
    public string LabelFilter { get; set; }

    /// <summary>Each <c>name=value</c>; all must be there.</summary>
    public IList<string> TagsFilter { get; } = [];

    public SettingFields Fields { get; set; } = SettingFields.All;
}
[Flags]
public enum SettingFields : uint
{
    Key = 1,
    Label = 2,
    Value = 4,
    ContentType = 8,
    ETag = 16,
    LastModified = 32,
    IsReadOnly = 64,
    Tags = 128,
    All = uint.MaxValue,
}
