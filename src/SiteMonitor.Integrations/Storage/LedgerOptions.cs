using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Storage;

/// <summary>The settings <c>Ledger:…</c>: where the function app keeps the run ledger, the rollout's state and what else has to outlast an instance.</summary>
public sealed class LedgerOptions : BoundSettings
{
    public const string Section = "Ledger";

    /// <summary>The blob service of a storage account, <c>https://&lt;account&gt;.blob.core.windows.net</c>; reached by managed identity.</summary>
    public string BlobServiceUri { get; set; } = string.Empty;

    /// <summary>Instead of <see cref="BlobServiceUri"/>, for Azurite and development: <c>UseDevelopmentStorage=true</c>. A secret.</summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>The blob container. Default <c>ledger</c>.</summary>
    public string Container { get; set; } = "ledger";

    /// <summary>Client id of the user-assigned identity; empty: whatever identity the machine has.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>How long one request to the storage may take. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
