namespace SiteMonitor.Integrations.OpenAI;

/// <summary>US dollars for a million tokens.</summary>
public sealed class ModelPrice
{
    public decimal? PerMillionPromptTokens { get; set; }

    /// <summary>The plain price when not set.</summary>
    public decimal? PerMillionCachedPromptTokens { get; set; }

    public decimal? PerMillionCompletionTokens { get; set; }
}
