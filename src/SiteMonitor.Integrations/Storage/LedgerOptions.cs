using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Settings <c>Ledger:…</c>: where the function app stores run ledger, rollout state and everything else persistent.</summary>
public sealed class LedgerOptions : BoundSettings
{
    public const string Section = "Ledger";

    /// <summary>Blob service address, <c>https://&lt;account&gt;.blob.core.windows.net</c>; reached with the managed identity.</summary>
    public string BlobServiceUri { get; set; } = string.Empty;

    /// <summary>Used instead of <see cref="BlobServiceUri"/> for Azurite: <c>UseDevelopmentStorage=true</c>. A secret.</summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>The blob container. Default <c>ledger</c>.</summary>
    public string Container { get; set; } = "ledger";

    /// <summary>Client id of the user-assigned identity; empty for the default credential.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>Time-out of one request to the storage. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

internal sealed partial class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        SettingsProblems problems = new(LedgerOptions.Section, options);
        bool address = options.BlobServiceUri.Length > 0;
        bool connection = options.ConnectionString.Length > 0;
        problems.AddIf(!address && !connection, nameof(options.BlobServiceUri),
            "missing: set the address of the storage account's blob service, or Ledger:ConnectionString for Azurite.");
        problems.AddIf(address && connection, nameof(options.ConnectionString),
            "set together with Ledger:BlobServiceUri: leave one of them empty.");
        if (address)
        {
            problems.RequireAddress(nameof(options.BlobServiceUri), options.BlobServiceUri);
        }

        problems.AddIf(
            connection && !IsConnectionString(options.ConnectionString),
            nameof(options.ConnectionString),
            "is not a connection string: write UseDevelopmentStorage=true, or copy it from the storage account's access keys.");
        problems.AddIf(!ContainerName().IsMatch(options.Container), nameof(options.Container),
            "is not a container name: 3 to 63 lower-case letters, digits and single hyphens.");
        problems.RequireBetween(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        return problems.ToResult();
    }

    private static bool IsConnectionString(string text) =>
        text.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase)
        || (text.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
            && text.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase))
        || text.Contains("BlobEndpoint=", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
