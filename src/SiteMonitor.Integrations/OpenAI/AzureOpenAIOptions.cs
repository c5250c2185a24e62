using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>
/// The settings <c>AzureOpenAI:…</c>. Without <see cref="ApiKey"/> sign-in is by managed identity (in development: whoever is signed in to
/// Azure).
/// </summary>
public sealed class AzureOpenAIOptions : BoundSettings
{
    public const string Section = "AzureOpenAI";

    /// <summary>The resource's address, for example <c>https://contoso.openai.azure.com/</c>.</summary>
    public string Endpoint { get; set; } = string.Empty;

    /// <summary>The deployment's name; its model must know structured outputs.</summary>
    public string Deployment { get; set; } = string.Empty;

    public string ApiKey { get; set; } = string.Empty;

    /// <summary>
    /// The version of the service's API to ask for, for example <c>2025-04-01-preview</c>; empty for the client's own, 2024-10-21, which
    /// models newer than that refuse.
    /// </summary>
    public string ApiVersion { get; set; } = string.Empty;

    /// <summary>The client id of a user-assigned identity; empty for the system-assigned one.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>
    /// US dollars for a million prompt tokens. Default: the list price of gpt-5.4-mini, the model our template deploys (OpenAI's price
    /// list, June 2026; Azure's global standard follows it). An assumption all the same: contracts, regions and other models differ, so set
    /// the three prices to those of your own bill.
    /// </summary>
    public decimal PricePerMillionPromptTokens { get; set; } = 0.75m;

    /// <summary>US dollars for a million prompt tokens that the service had cached. Default as above.</summary>
    public decimal PricePerMillionCachedPromptTokens { get; set; } = 0.075m;

    /// <summary>US dollars for a million completion tokens. Default as above.</summary>
    public decimal PricePerMillionCompletionTokens { get; set; } = 4.50m;

    /// <summary>Prices by deployment or by the model an answer names; an entry here goes before the three prices above.</summary>
    public Dictionary<string, ModelPrice> Prices { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For one try of one request. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further tries at once, after a 5xx or a broken connection. Default 2.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Most tokens an answer may have. Default 1,500; an answer has about 300.</summary>
    public int MaxCompletionTokens { get; set; } = 1500;

    /// <summary>For a question with all its tries. Default 75 s.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// Set for models that reason before they answer (o-series, gpt-5): they take neither temperature nor seed, and need room for their
    /// reasoning in <see cref="MaxCompletionTokens"/>.
    /// </summary>
    public bool ReasoningModel { get; set; }

    /// <summary>Answers kept in memory where no lasting cache is registered. Default 1,000.</summary>
    public int CacheEntries { get; set; } = 1000;
}
