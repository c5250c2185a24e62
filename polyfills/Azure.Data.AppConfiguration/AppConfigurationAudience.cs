namespace Azure.Data.AppConfiguration;

/// <summary>The cloud whose tokens the store takes.</summary>
public readonly struct AppConfigurationAudience(string value) : IEquatable<AppConfigurationAudience>
{
    private readonly string _value = value ?? throw new ArgumentNullException(nameof(value));

    public static AppConfigurationAudience AzurePublicCloud { get; } = new("https://azconfig.io");

    public static AppConfigurationAudience AzureGovernment { get; } = new("https://azconfig.azure.us");

    public static AppConfigurationAudience AzureChina { get; } = new("https://azconfig.azure.cn");

    public static implicit operator AppConfigurationAudience(string value) => new(value);

    public static bool operator ==(AppConfigurationAudience left, AppConfigurationAudience right) => left.Equals(right);

    public static bool operator !=(AppConfigurationAudience left, AppConfigurationAudience right) => !left.Equals(right);

    public bool Equals(AppConfigurationAudience other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => obj is AppConfigurationAudience other && Equals(other);

    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    public override string ToString() => _value;
}
