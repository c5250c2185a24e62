using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>The settings <c>AppConfiguration:…</c>: the store of the feature flags in Azure.</summary>
public sealed class AppConfigurationOptions : BoundSettings
{
    public const string Section = "AppConfiguration";

    /// <summary>The store's address, for sign-in with a managed identity: <c>https://….azconfig.io</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Instead of <see cref="Endpoint"/>: a secret.</summary>
    public string? ConnectionString { get; set => field = NullIfBlank(value); }

    /// <summary>Client id of the managed identity that reads; none takes the default credential.</summary>
    public string? ClientId { get; set => field = NullIfBlank(value); }

    /// <summary>Client id of the managed identity that writes flags; none: the reading one does.</summary>
    public string? WriterClientId { get; set => field = NullIfBlank(value); }

    /// <summary>A connection string that may write, where <see cref="ConnectionString"/> may only read.</summary>
    public string? WriterConnectionString { get; set => field = NullIfBlank(value); }

    /// <summary>Put before each flag's name in the store and stripped on reading; none by default.</summary>
    public string Prefix { get; set; } = string.Empty;

    /// <summary>The store's label of the flags; none by default.</summary>
    public string? Label { get; set => field = NullIfBlank(value); }

    /// <summary>How long one request may take; 5 s by default.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    // A settings file lists what may be set with empty values; these mean the same as no value.
    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
