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
