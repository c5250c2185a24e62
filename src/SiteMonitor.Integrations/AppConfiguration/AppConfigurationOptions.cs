using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>The settings <c>AppConfiguration:…</c>: the store of the feature flags in Azure.</summary>
public sealed class AppConfigurationOptions : BoundSettings
{
    public const string Section = "AppConfiguration";

    /// <summary>The store's address, for sign-in with a managed identity: <c>https://….azconfig.io</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Used instead of <see cref="Endpoint"/>. A secret.</summary>
    public string? ConnectionString { get; set => field = NullIfBlank(value); }

    /// <summary>Client id of the managed identity that reads; empty for the default credential.</summary>
    public string? ClientId { get; set => field = NullIfBlank(value); }

    /// <summary>Client id of the managed identity that writes flags; empty for the one that reads.</summary>
    public string? WriterClientId { get; set => field = NullIfBlank(value); }

    /// <summary>A connection string with write access, if <see cref="ConnectionString"/> may only read.</summary>
    public string? WriterConnectionString { get; set => field = NullIfBlank(value); }

    /// <summary>Prefix of the flags' names in the store. Default: none.</summary>
    public string Prefix { get; set; } = string.Empty;

    /// <summary>Label of the flags in the store. Default: none.</summary>
    public string? Label { get; set => field = NullIfBlank(value); }

    /// <summary>Time-out of one request. Default 5 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    // A settings file lists what may be set with empty values; these mean the same as no value.
    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
