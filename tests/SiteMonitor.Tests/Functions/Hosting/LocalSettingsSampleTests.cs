using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Rollout;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Functions.Hosting;

/// <summary>The sample lists every setting there is, and none that there is not; its values are the defaults.</summary>
public sealed class LocalSettingsSampleTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        (GitHubOptions.Section, typeof(GitHubOptions)),
        (AzureOpenAIOptions.Section, typeof(AzureOpenAIOptions)),
        (PipelineOptions.Section, typeof(PipelineOptions)),
        ("FeatureFlags", typeof(FeatureFlagsOptions)),
        (AppConfigurationOptions.Section, typeof(AppConfigurationOptions)),
        (RolloutOptions.Section, typeof(RolloutOptions)),
        (LedgerOptions.Section, typeof(LedgerOptions)),
        (AnnouncementsOptions.Section, typeof(AnnouncementsOptions)),
        (CircuitBreakerOptions.Section, typeof(CircuitBreakerOptions)),
    ];

    /// <summary>What the Functions host itself needs, and settings that are read without an options class.</summary>
    private static readonly string[] Others =
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"];

    [Fact]
    public void Every_Setting_Is_In_The_Sample_And_Nothing_Else()
    {
        string[] expected = [.. Sections.SelectMany(s => Names(s.Section, s.Options)), .. Others];
        string[] listed = [.. Values().Keys];

        Assert.Empty(expected.Except(listed));
        Assert.Empty(listed.Except(expected));
    }

    [Fact]
    public void The_Sample_Is_Not_Encrypted_And_Leaves_The_Tools_Own_Settings_Alone()
    {
        using JsonDocument sample = Read();

        Assert.False(sample.RootElement.GetProperty("IsEncrypted").GetBoolean());
        Assert.DoesNotContain("AzureWebJobsScriptRoot", Values().Keys);
        Assert.DoesNotContain("WEBSITE_HOSTNAME", Values().Keys);
    }

    [Fact]
    public void With_The_Required_Values_Filled_In_The_Sample_Starts()
    {
        Dictionary<string, string?> settings = Values().ToDictionary(v => v.Key.Replace("__", ":", StringComparison.Ordinal), string? (v) => v.Value);
        settings["GitHub:Token"] = "ghp_x";
        settings["GitHub:WebhookSecret"] = "a-long-enough-secret";
        settings["AzureOpenAI:Endpoint"] = "https://contoso.openai.azure.com/";
        settings["AzureOpenAI:Deployment"] = "gpt";
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSiteMonitor(configuration);
        using ServiceProvider provider = services.BuildServiceProvider();

        SettingsCheck.Run(provider);
    }

    [Fact]
    public void With_Flags_In_App_Configuration_What_The_Sample_Leaves_Empty_Is_Not_Set()
    {
        Dictionary<string, string?> settings = Values().ToDictionary(v => v.Key.Replace("__", ":", StringComparison.Ordinal), string? (v) => v.Value);
        settings["FeatureFlags:File"] = string.Empty;
        settings["AppConfiguration:ConnectionString"] = "Endpoint=http://127.0.0.1:9;Id=x;Secret=eA==";
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using ServiceProvider provider = new ServiceCollection().AddFeatureFlags(configuration).BuildServiceProvider();

        Assert.Equal("App Configuration 127.0.0.1:9", provider.GetRequiredService<IFlagStore>().Description);
    }

    private static IEnumerable<string> Names(string prefix, Type options)
    {
        foreach (PropertyInfo property in options.GetProperties().Where(p => p.CanWrite))
        {
            string name = $"{prefix}__{property.Name}";
            if (property.PropertyType.Namespace == options.Namespace)
            {
                foreach (string nested in Names(name, property.PropertyType))
                {
                    yield return nested;
                }
            }
            else if (!property.PropertyType.IsGenericType || property.PropertyType.GetGenericTypeDefinition() != typeof(Dictionary<,>))
            {
                yield return name;
            }
        }
    }

    private static Dictionary<string, string> Values()
    {
        using JsonDocument sample = Read();
        return sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "local.settings.sample.json")));
}
