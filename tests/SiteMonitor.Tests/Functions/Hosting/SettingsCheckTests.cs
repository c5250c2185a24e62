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
    public void Without_Any_Setting_All_That_Are_Needed_Are_Listed_Together()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check([]));

        foreach (string name in (string[])["GitHub:Token", "GitHub:WebhookSecret", "AzureOpenAI:Endpoint", "AzureOpenAI:Deployment", "AppConfiguration:Endpoint"])
        {
            Assert.Contains(refused.Problems, p => p.StartsWith(name, StringComparison.Ordinal));
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void With_What_Is_Needed_It_Starts() => Check(Enough);

    [Theory]
    [InlineData("Pipeline:TimerBatchSize", "0")]
    [InlineData("Pipeline:TimerBatchSize", "many")]
    [InlineData("Pipeline:DryRunWait", "00:05:00")]
    [InlineData("Pipeline:CatalogueFile", "does-not-exist.json")]
    [InlineData("Rollout:Plan", "does-not-exist.json")]
    [InlineData("Rollout:AcceptedDifferences", "does-not-exist.json")]
    [InlineData("GitHub:Repositories", "not a repository")]
    [InlineData("GitHub:WebhookSecret", "@Microsoft.KeyVault(SecretUri=https://kv-contoso.vault.azure.net/secrets/github-webhook-secret/)")]
    public void A_Wrong_Value_Is_Named_And_Never_Shown_Where_It_Could_Be_A_Secret(string name, string value)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check(new(Enough) { [name] = value }));

        Assert.StartsWith(name, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_Invalid_Catalogue_Is_Refused_With_File_Entry_And_Reason()
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
    public void No_Secret_Is_In_The_Message()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Check(new(Enough) { ["GitHub:Token"] = "ghp secret value", ["AzureOpenAI:Endpoint"] = "" }));

        Assert.DoesNotContain("secret value", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_Problem_Is_A_Line_That_The_Functions_Host_Shows()
    {
        using StringWriter errors = new();
        using ServiceProvider provider = Build([]);

        Assert.False(SettingsCheck.TryRun(provider, errors));

        string[] lines = errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("Settings error: ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Settings error: GitHub:WebhookSecret", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Settings error: AzureOpenAI:Endpoint", StringComparison.Ordinal));
    }

    private static void Check(Dictionary<string, string?> settings)
    {
        using ServiceProvider provider = Build(settings);
        SettingsCheck.Run(provider);
    }

    private static ServiceProvider Build(Dictionary<string, string?> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSiteMonitor(configuration);
        return services.BuildServiceProvider();
    }
}
