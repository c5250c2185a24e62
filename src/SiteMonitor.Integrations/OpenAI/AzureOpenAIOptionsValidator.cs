using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.OpenAI;

internal sealed partial class AzureOpenAIOptionsValidator : IValidateOptions<AzureOpenAIOptions>
{
    public ValidateOptionsResult Validate(string? name, AzureOpenAIOptions options)
    {
        SettingsProblems problems = new(AzureOpenAIOptions.Section, options);
        if (options.Endpoint.Length == 0)
        {
            problems.Add(nameof(options.Endpoint), "missing: set the address of the Azure OpenAI resource.");
        }
        else
        {
            problems.RequireAddress(nameof(options.Endpoint), options.Endpoint);
        }

        problems.AddIf(options.Deployment.Length == 0, nameof(options.Deployment), "missing: set the name of the model deployment.");
        problems.AddIf(PastedText.FindFault(options.Deployment) is not null, nameof(options.Deployment),
            "has quotes or invisible characters: write the name alone.");
        problems.AddIf(options.IsCompatibleEndpoint && options.ApiKey.Length == 0, nameof(options.ApiKey),
            "missing: required for an OpenAI-compatible endpoint; if the service needs no key, set any value.");
        problems.AddIf(PastedText.HasForeignCharacters(options.ApiKey), nameof(options.ApiKey),
            "has characters a key never has: check for spaces, quotes and line ends.");
        problems.AddIf(options.ApiVersion.Length > 0 && !VersionPattern().IsMatch(options.ApiVersion), nameof(options.ApiVersion),
            "must be a date such as 2025-04-01-preview, or empty.");
        CheckPrices(options, problems);
        problems.RequireBetween(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        problems.RequireBetween(nameof(options.MaxRetries), options.MaxRetries, 0, 5);
        problems.RequireBetween(nameof(options.MaxCompletionTokens), options.MaxCompletionTokens, 200, 100_000);
        problems.RequireBetween(nameof(options.TotalTimeout), options.TotalTimeout, options.Timeout, TimeSpan.FromMinutes(10));
        problems.RequireBetween(nameof(options.CacheEntries), options.CacheEntries, 1, 1_000_000);
        return problems.ToResult();
    }

    private static void CheckPrices(AzureOpenAIOptions options, SettingsProblems problems)
    {
        CheckPrice(nameof(options.PricePerMillionPromptTokens), options.PricePerMillionPromptTokens, problems);
        CheckPrice(nameof(options.PricePerMillionCachedPromptTokens), options.PricePerMillionCachedPromptTokens, problems);
        CheckPrice(nameof(options.PricePerMillionCompletionTokens), options.PricePerMillionCompletionTokens, problems);
        foreach ((string model, ModelPrice price) in options.Prices)
        {
            string entry = $"{nameof(options.Prices)}:{model}";
            CheckListed($"{entry}:{nameof(price.PerMillionPromptTokens)}", price.PerMillionPromptTokens, problems);
            CheckPrice($"{entry}:{nameof(price.PerMillionCachedPromptTokens)}", price.PerMillionCachedPromptTokens, problems);
            CheckListed($"{entry}:{nameof(price.PerMillionCompletionTokens)}", price.PerMillionCompletionTokens, problems);
        }
    }

    private static void CheckListed(string setting, decimal? price, SettingsProblems problems)
    {
        problems.AddIf(price is null, setting, "missing: US dollars for a million tokens, from Azure's price list.");
        CheckPrice(setting, price, problems);
    }

    private static void CheckPrice(string setting, decimal? price, SettingsProblems problems) =>
        problems.AddIf(price < 0, setting, "must not be negative.");

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-preview)?$")]
    private static partial Regex VersionPattern();
}
