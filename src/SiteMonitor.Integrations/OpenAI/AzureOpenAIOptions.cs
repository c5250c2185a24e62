using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Settings <c>AzureOpenAI:…</c>. Without <see cref="ApiKey"/> the managed identity (or developer) signs in.</summary>
public sealed class AzureOpenAIOptions : BoundSettings
{
    public const string Section = "AzureOpenAI";

    /// <summary>
    /// The resource's address, for example <c>https://contoso.openai.azure.com/</c>. An address that ends in <c>/v1</c> is taken as an
    /// OpenAI-compatible endpoint, to which the deployment is sent as the model name and the key as a bearer token.
    /// </summary>
    public string Endpoint { get; set; } = string.Empty;

    /// <summary>The deployment's name; its model must support structured outputs.</summary>
    public string Deployment { get; set; } = string.Empty;

    public string ApiKey { get; set; } = string.Empty;

    /// <summary>API version to use, for example <c>2025-04-01-preview</c>; default 2024-10-21, which newer models refuse.</summary>
    public string ApiVersion { get; set; } = string.Empty;

    /// <summary>The client id of a user-assigned identity; empty for the system-assigned one.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>US dollars per million prompt tokens. Default: gpt-5.4-mini's list price in June 2026; set your own.</summary>
    public decimal PricePerMillionPromptTokens { get; set; } = 0.75m;

    /// <summary>US dollars per million cached prompt tokens. Default as above.</summary>
    public decimal PricePerMillionCachedPromptTokens { get; set; } = 0.075m;

    /// <summary>US dollars per million completion tokens. Default as above.</summary>
    public decimal PricePerMillionCompletionTokens { get; set; } = 4.50m;

    /// <summary>Prices by deployment or by the response's model; they take precedence over the three prices above.</summary>
    public Dictionary<string, ModelPrice> Prices { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Time-out of one attempt. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Immediate retries after a 5xx or a broken connection. Default 2.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Maximum tokens of a response. Default 1,500; a response has about 300.</summary>
    public int MaxCompletionTokens { get; set; } = 1500;

    /// <summary>Time-out of an analysis with all attempts. Default 75 s.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>Set for reasoning models (o-series, gpt-5): no temperature or seed, and more <see cref="MaxCompletionTokens"/>.</summary>
    public bool ReasoningModel { get; set; }

    /// <summary>Responses cached in memory, if no persistent cache is registered. Default 1,000.</summary>
    public int CacheEntries { get; set; } = 1000;

    internal bool IsCompatibleEndpoint => Endpoint.TrimEnd('/').EndsWith("/v1", StringComparison.OrdinalIgnoreCase);
}
