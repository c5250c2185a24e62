using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Computes the cost of responses with the configured prices.</summary>
internal static class ModelPricing
{
    private const decimal Million = 1_000_000m;

    /// <param name="model">As the answer names it: <c>gpt-5.4-mini-2026-03-17</c>.</param>
    /// <param name="cachedTokens">Those of the prompt that the service had cached.</param>
    public static Usage GetUsage(AzureOpenAIOptions options, string model, int promptTokens, int cachedTokens, int completionTokens)
    {
        ModelPrice price = options.Prices.GetValueOrDefault(options.Deployment) ?? options.Prices.GetValueOrDefault(model) ?? new ModelPrice
        {
            PerMillionPromptTokens = options.PricePerMillionPromptTokens,
            PerMillionCachedPromptTokens = options.PricePerMillionCachedPromptTokens,
            PerMillionCompletionTokens = options.PricePerMillionCompletionTokens,
        };
        decimal prompt = price.PerMillionPromptTokens ?? 0;
        int cached = Math.Clamp(cachedTokens, 0, promptTokens);
        return new Usage
        {
            PromptTokens = promptTokens,
            CompletionTokens = completionTokens,
            Dollars = (((promptTokens - cached) * prompt) + (cached * (price.PerMillionCachedPromptTokens ?? prompt)) +
                (completionTokens * (price.PerMillionCompletionTokens ?? 0))) / Million,
        };
    }
}

/// <summary>US dollars per million tokens.</summary>
public sealed class ModelPrice
{
    public decimal? PerMillionPromptTokens { get; set; }

    /// <summary>The prompt price if not set.</summary>
    public decimal? PerMillionCachedPromptTokens { get; set; }

    public decimal? PerMillionCompletionTokens { get; set; }
}
