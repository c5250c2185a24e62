using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.OpenAI;

namespace SiteMonitor.Tests.Integrations.OpenAI;

public sealed class AzureOpenAIOptionsTests
{
    [Fact]
    public void Endpoint_And_Deployment_Are_Enough() => Assert.Equal(0.75m, Bind(("Endpoint", "https://x.openai.azure.com/"), ("Deployment", "d")).PricePerMillionPromptTokens);

    [Fact]
    public void Every_Problem_Is_Reported_At_Once_By_The_Settings_Name()
    {
        OptionsValidationException invalid = Assert.Throws<OptionsValidationException>(() => Bind(
            ("Endpoint", "x.openai.azure.com"), ("ApiKey", "hunter 2"), ("ApiVersion", "v1"), ("PricePerMillionPromptTokens", "cheap"), ("PricePerMillionCompletionTokens", "-1"),
            ("Prices:big:PerMillionPromptTokens", "2.5"), ("Timeout", "00:10:00"), ("MaxRetries", "9")));

        Assert.Equal(
            [
                "AzureOpenAI:ApiKey", "AzureOpenAI:ApiVersion", "AzureOpenAI:Deployment", "AzureOpenAI:Endpoint", "AzureOpenAI:MaxRetries", "AzureOpenAI:PricePerMillionCompletionTokens",
                "AzureOpenAI:PricePerMillionPromptTokens", "AzureOpenAI:Prices:big:PerMillionCompletionTokens", "AzureOpenAI:Timeout", "AzureOpenAI:TotalTimeout",
            ],
            invalid.Failures.Select(f => f[..f.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.All(invalid.Failures, f => Assert.DoesNotContain("hunter 2", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ApiKey", "\"0123456789abcdef\"")]
    [InlineData("ApiKey", "'0123456789abcdef")]
    [InlineData("ApiKey", "0123456789abcdef\u200b")]
    [InlineData("Deployment", "\"analysis\"")]
    [InlineData("Deployment", "`analysis`")]
    [InlineData("Endpoint", "\"https://x.openai.azure.com/\"")]
    public void A_Value_Pasted_With_Something_Around_It_Is_Refused(string setting, string value)
    {
        Dictionary<string, string> settings = new() { ["Endpoint"] = "https://x.openai.azure.com/", ["Deployment"] = "d", [setting] = value };

        OptionsValidationException invalid = Assert.Throws<OptionsValidationException>(() => Bind([.. settings.Select(s => (s.Key, s.Value))]));

        Assert.StartsWith($"AzureOpenAI:{setting}: ", Assert.Single(invalid.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("big", "anything", 10)]
    [InlineData("analysis", "gpt-4o-2024-08-06", 5)]
    [InlineData("analysis", "unknown", 1)]
    public void The_Price_Of_The_Deployment_Goes_Before_The_Models_And_That_Before_The_Plain_One(string deployment, string model, decimal dollarsAMillion)
    {
        AzureOpenAIOptions options = new()
        {
            Deployment = deployment,
            PricePerMillionPromptTokens = 1,
            Prices = { ["big"] = new ModelPrice { PerMillionPromptTokens = 10 }, ["gpt-4o-2024-08-06"] = new ModelPrice { PerMillionPromptTokens = 5 } },
        };
        Assert.Equal(new Usage { PromptTokens = 1_000_000, Dollars = dollarsAMillion }, ModelPricing.GetUsage(options, model, 1_000_000, 0, 0));
    }

    private static AzureOpenAIOptions Bind(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"AzureOpenAI:{s.Name}", (string?)s.Value)))
            .Build();
        using ServiceProvider provider = new ServiceCollection().AddAnalysisModel(configuration).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<AzureOpenAIOptions>>().Value;
    }
}
