using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Rollout;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.Tests.Documentation;

public sealed class ConfigurationReferenceTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        (GitHubOptions.Section, typeof(GitHubOptions)),
        (AzureOpenAIOptions.Section, typeof(AzureOpenAIOptions)),
        (AppConfigurationOptions.Section, typeof(AppConfigurationOptions)),
        ("FeatureFlags", typeof(FeatureFlagsOptions)),
        (LedgerOptions.Section, typeof(LedgerOptions)),
        (RolloutOptions.Section, typeof(RolloutOptions)),
        (AnnouncementsOptions.Section, typeof(AnnouncementsOptions)),
        (CircuitBreakerOptions.Section, typeof(CircuitBreakerOptions)),
        (PipelineOptions.Section, typeof(PipelineOptions)),
    ];

    private const string Introduction = """
        # Configuration reference

        Generated from the options classes; a test keeps it so. In environment variables, `local.settings.json` and the function app's settings write `__` for `:`. Everything is checked at start-up: what is missing or
        wrong is listed together, by name, never with its value. A time is `hours:minutes:seconds`. *Empty* means the setting need not be there.

        Needed at least: `GitHub:Token` (or the App's three settings and `GitHub:CopilotToken`), `GitHub:WebhookSecret`, `AzureOpenAI:Endpoint`, `AzureOpenAI:Deployment`, one of `AppConfiguration:Endpoint`,
        `AppConfiguration:ConnectionString` and `FeatureFlags:File`, and for the function app one of `Ledger:BlobServiceUri` and `Ledger:ConnectionString`. Secrets belong into Key Vault, as the template does it.

        """;

    private const string Others = """
        ## Without a section

        | setting | what |
        |---|---|
        | `AzureWebJobsStorage` | The storage that the Functions host and Durable Functions use; `UseDevelopmentStorage=true` for Azurite, `AzureWebJobsStorage__blobServiceUri` and its like for an identity. |
        | `APPLICATIONINSIGHTS_CONNECTION_STRING`, `APPLICATIONINSIGHTS_AUTHENTICATION_STRING` | Where metrics and traces go, and the identity to send them with (`ClientId=…;Authorization=AAD`). |
        | `OTEL_EXPORTER_OTLP_ENDPOINT` | Sends metrics and traces to an OpenTelemetry collector as well (see [telemetry](telemetry.md)). |
        | `AzureFunctionsJobHost__telemetryMode` | `OpenTelemetry`: the Functions host exports its spans and logs by OpenTelemetry too, to the same places. |

        """;

    [Fact]
    public void The_Configuration_Reference_Is_What_The_Options_Say()
    {
        StringBuilder text = new(Introduction);
        foreach ((string section, Type options) in Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section}\n\n{SourceSummaries.Of(options)}\n\n| setting | default | what |\n|---|---|---|\n");
            Write(text, section, options, Activator.CreateInstance(options)!);
        }

        CommittedFile.ShouldBe(text.Append('\n').Append(Others).ToString().ReplaceLineEndings("\n"), "docs", "configuration.md");
    }

    [Theory]
    [InlineData(typeof(GitHubOptions))]
    [InlineData(typeof(AppConfigurationOptions))]
    [InlineData(typeof(LedgerOptions))]
    public void Settings_Have_A_Description(Type options) =>
        Assert.All(options.GetProperties().Where(p => p.CanWrite && p.PropertyType.Namespace != options.Namespace), p => Assert.NotEmpty(SourceSummaries.Of(options, p.Name)));

    private static void Write(StringBuilder text, string prefix, Type type, object defaults)
    {
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite))
        {
            string name = $"{prefix}:{property.Name}";
            if (property.PropertyType is { IsGenericType: true } table && typeof(IDictionary).IsAssignableFrom(table))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{name}:<name>:…` | none | {SourceSummaries.Of(type, property.Name)} |\n");
                Type entry = table.GenericTypeArguments[1];
                if (entry.GetConstructor([]) is not null)
                {
                    Write(text, $"{name}:<name>", entry, Activator.CreateInstance(entry)!);
                }
            }
            else if (property.PropertyType.Namespace == type.Namespace)
            {
                Write(text, name, property.PropertyType, property.GetValue(defaults)!);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {Default(property.GetValue(defaults))} | {SourceSummaries.Of(type, property.Name)} |\n");
            }
        }
    }

    private static string Default(object? value) => value switch
    {
        null or "" or string[] { Length: 0 } => "*empty*",
        string[] list => $"`{string.Join(',', list)}`",
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan time => $"`{time:c}`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };
}
