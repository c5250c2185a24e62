using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>The function app knows all settings of the template, and they suffice to start it.</summary>
public sealed partial class AppSettingsTests
{
    private static readonly string Template = RepositoryRoot.Read("infra", "modules", "functionapp.bicep");

    [Fact]
    public void Every_Setting_Of_The_Template_Is_In_The_Sample()
    {
        using JsonDocument sample = JsonDocument.Parse(RepositoryRoot.Read("local.settings.sample.json"));
        string[] known = [.. sample.RootElement.GetProperty("Values").EnumerateObject().Select(v => v.Name)];
        string[] set = [.. new[] { "baseSettings", "appSettings", "tokenSettings" }.SelectMany(Names).Where(n => !IsHostSetting(n))];

        Assert.NotEmpty(set);
        Assert.Empty(set.Except(known));
    }

    [Theory]
    [InlineData("appSettings")]
    [InlineData("tokenSettings")]
    public void With_The_Settings_Of_The_Template_The_App_Starts(string signIn)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Names("baseSettings").Concat(Names(signIn)).Where(n => !IsHostSetting(n)).Select(n => KeyValuePair.Create(n.Replace("__", ":", StringComparison.Ordinal), (string?)Example(n))))
            .Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddBlobStorage(configuration);
        services.AddSiteMonitor(configuration);
        using ServiceProvider provider = services.BuildServiceProvider();

        SettingsCheck.Run(provider);
    }

    /// <summary>Flex Consumption scales HTTP functions, Durable Functions and each timer apart (learn.microsoft.com, "Per-function scaling").</summary>
    [Fact]
    public void The_App_Is_Told_How_Many_Processes_There_Can_Be()
    {
        int timers = typeof(SettingsCheck).Assembly.GetTypes().SelectMany(t => t.GetMethods()).SelectMany(m => m.GetParameters())
            .Count(p => p.IsDefined(typeof(TimerTriggerAttribute), inherit: false));

        Assert.Contains("        maximumInstanceCount: maximumInstanceCount\n", Template, StringComparison.Ordinal);
        Assert.Contains($"var maximumProcesses = 2 * maximumInstanceCount + {timers}\n", Template, StringComparison.Ordinal);
        Assert.Contains("  GitHub__MaxInstances: string(maximumProcesses)\n", Template, StringComparison.Ordinal);
        // GitHub:MaxInstances may be 1,000 at most, and an hour has slots for 485 processes.
        Match maximum = MaximumPattern().Match(Template);
        Assert.InRange((2 * int.Parse(maximum.Groups[1].Value, CultureInfo.InvariantCulture)) + timers, 100, 485);
    }

    /// <summary>A Flex Consumption app has them in <c>functionAppConfig</c>; as settings they make a deployment fail (learn.microsoft.com, "Flex Consumption plan deprecations").</summary>
    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("WEBSITE_CONTENTSHARE")]
    [InlineData("ftpsState")]
    [InlineData("linuxFxVersion")]
    public void What_Flex_Consumption_Refuses_Is_Not_Set(string setting) => Assert.DoesNotContain(setting, Template, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void No_Secret_Stands_In_The_Template() =>
        Assert.All(SecretPattern().Matches(Template), m => Assert.StartsWith("'@Microsoft.KeyVault(", m.Groups[2].Value, StringComparison.Ordinal));

    /// <summary>Settings that the Functions host or OpenTelemetry reads.</summary>
    private static bool IsHostSetting(string name) => name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal) || name.StartsWith("APPLICATIONINSIGHTS_", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string variable)
    {
        int start = Template.IndexOf($"var {variable} = {{", StringComparison.Ordinal);
        Assert.True(start >= 0, $"functionapp.bicep has no variable {variable}.");
        string block = Template[start..Template.IndexOf("\n}", start, StringComparison.Ordinal)];
        return NamePattern().Matches(block).Select(m => m.Groups[1].Value);
    }

    private static string Example(string name)
    {
        if (name == "GitHub__PrivateKey")
        {
            using RSA rsa = RSA.Create(2048);
            return rsa.ExportPkcs8PrivateKeyPem();
        }

        return name switch
        {
            _ when name.EndsWith("Uri", StringComparison.Ordinal) || name.EndsWith("Endpoint", StringComparison.Ordinal) => "https://contoso.example/",
            "GitHub__Repositories" => "contoso/site,contoso/shop",
            "GitHub__MaxInstances" => "24",
            "GitHub__InstallationId" or "GitHub__AppId" => "12345",
            "AzureOpenAI__ReasoningModel" => "true",
            "AzureOpenAI__MaxCompletionTokens" => "6000",
            "AzureOpenAI__ApiVersion" => "2025-04-01-preview",
            _ => "some-value",
        };
    }

    [GeneratedRegex(@"@maxValue\((\d+)\)\s+param maximumInstanceCount ")]
    private static partial Regex MaximumPattern();

    [GeneratedRegex(@"^  (\w+):", RegexOptions.Multiline)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^  (\w*(?:Secret|Token|Key|ConnectionString)): (.+)$", RegexOptions.Multiline)]
    private static partial Regex SecretPattern();
}
