using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Functions.Hosting;

namespace SiteMonitor.Tests.Functions.Hosting;

public sealed class SettingsCheckTests
{
    private static readonly Dictionary<string, string?> Enough = new()
    {
        ["GitHub:Token"] = "ghp_x",
        ["GitHub:WebhookSecret"] = "a-long-enough-secret",
        ["AzureOpenAI:Endpoint"] = "https://contoso.openai.azure.com/",
        ["AzureOpenAI:Deployment"] = "gpt",
        ["FeatureFlags:File"] = "flags.json",
    };

    [Fact]
    public void Without_any_setting_all_that_are_needed_are_listed_together()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check([]));

        foreach (string name in (string[])["GitHub:Token", "GitHub:WebhookSecret", "AzureOpenAI:Endpoint", "AzureOpenAI:Deployment", "AppConfiguration:Endpoint"])
        {
            Assert.Contains(refused.Problems, p => p.StartsWith(name, StringComparison.Ordinal));
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void With_what_is_needed_it_starts() => Check(Enough);

    [Theory]
    [InlineData("Pipeline:TimerBatchSize", "0")]
    [InlineData("Pipeline:TimerBatchSize", "many")]
    [InlineData("Pipeline:DryRunWait", "00:05:00")]
    [InlineData("Pipeline:CatalogueFile", "does-not-exist.json")]
    [InlineData("Rollout:Plan", "does-not-exist.json")]
    [InlineData("Rollout:AcceptedDifferences", "does-not-exist.json")]
    [InlineData("GitHub:Repositories", "not a repository")]
    [InlineData("GitHub:WebhookSecret", "@Microsoft.KeyVault(SecretUri=https://kv-contoso.vault.azure.net/secrets/github-webhook-secret/)")]
    public void A_wrong_value_is_named_and_never_shown_where_it_could_be_a_secret(string name, string value)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check(new(Enough) { [name] = value }));

        Assert.StartsWith(name, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_catalogue_is_refused_with_file_entry_and_reason()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{ "specialists": [ { "label": "x" } ] }""");

            SettingsException refused = Assert.Throws<SettingsException>(() => Check(new(Enough) { ["Pipeline:CatalogueFile"] = file }));

            Assert.Contains(refused.Problems, p => p.Contains(file, StringComparison.Ordinal) && p.Contains("specialists[0]", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void No_secret_is_in_the_message()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check(new(Enough) { ["GitHub:Token"] = "ghp secret value", ["AzureOpenAI:Endpoint"] = "" }));

        Assert.DoesNotContain("secret value", refused.Message, StringComparison.Ordinal);
    }

    private static void Check(Dictionary<string, string?> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSiteMonitor(configuration);
        using ServiceProvider provider = services.BuildServiceProvider();
        SettingsCheck.Run(provider);
    }
}
