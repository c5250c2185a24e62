using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>The settings <c>FeatureFlags:…</c>.</summary>
public sealed class FeatureFlagsOptions : BoundSettings
{
    public const string Section = "FeatureFlags";

    /// <summary>A JSON file with the flags, instead of Azure App Configuration.</summary>
    public string File { get; set; } = string.Empty;

    /// <summary>File of the last known flags, for a start during an outage. Default: beside the flags file.</summary>
    public string LastKnownFile { get; set; } = string.Empty;

    /// <summary>Returns the path of the last known flags.</summary>
    internal string LastKnownPath => this switch
    {
        { LastKnownFile: { Length: > 0 } path } => path,
        { File: { Length: > 0 } file } => Path.ChangeExtension(file, ".last-known.json"),
        _ =>
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "SiteMonitor", "flags.last-known.json"),
    };
}

internal sealed class FeatureFlagsOptionsValidator : IValidateOptions<FeatureFlagsOptions>
{
    public ValidateOptionsResult Validate(string? name, FeatureFlagsOptions options) =>
        new SettingsProblems(FeatureFlagsOptions.Section, options).ToResult();
}

/// <summary>Validates the App Configuration settings, which are required if no flags file is set.</summary>
internal sealed class AppConfigurationOptionsValidator(IOptions<FeatureFlagsOptions> flags) : IValidateOptions<AppConfigurationOptions>
{
    public ValidateOptionsResult Validate(string? name, AppConfigurationOptions options)
    {
        SettingsProblems problems = new(AppConfigurationOptions.Section, options);
        problems.AddIf(
            flags.Value.File.Length == 0 && options is { Endpoint: null, ConnectionString: null },
            nameof(options.Endpoint),
            "missing: set the store's address (or AppConfiguration:ConnectionString), or FeatureFlags:File for flags in a file.");
        if (options.Endpoint is { } endpoint)
        {
            problems.RequireAddress(nameof(options.Endpoint), endpoint.OriginalString);
        }

        CheckConnectionString(nameof(options.ConnectionString), options.ConnectionString, problems);
        CheckConnectionString(nameof(options.WriterConnectionString), options.WriterConnectionString, problems);
        problems.RequireBetween(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(100),
            TimeSpan.FromMinutes(1));
        return problems.ToResult();
    }

    private static void CheckConnectionString(string setting, string? value, SettingsProblems problems) => problems.AddIf(
        value is not null && !AppConfigurationClients.IsConnectionString(value),
        setting,
        "is not of the form Endpoint=…;Id=…;Secret=…: copy it from the store's access settings.");
}
