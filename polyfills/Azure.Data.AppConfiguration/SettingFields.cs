namespace Azure.Data.AppConfiguration;

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
