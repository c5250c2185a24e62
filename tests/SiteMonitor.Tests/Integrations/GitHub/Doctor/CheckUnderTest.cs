using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Doctor;

/// <summary>One check as the app registers it, against a server on loopback that plays GitHub.</summary>
internal static class CheckUnderTest
{
    public const string Repository = "octo-org/site";

    public static Task<IReadOnlyList<Finding>> LookAsync<TCheck>(FakeServer gitHub, params (string Name, string Value)[] settings)
        where TCheck : class, IDoctorCheck =>
        LookAsync<TCheck>(gitHub, fix: false, settings);

    public static async Task<IReadOnlyList<Finding>> LookAsync<TCheck>(FakeServer gitHub, bool fix, params (string Name, string Value)[] settings)
        where TCheck : class, IDoctorCheck
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("GitHub:ApiBaseUrl", gitHub.Url), new("GitHub:Token", "app-token"), new("GitHub:CopilotToken", "user-token"), new("GitHub:WebhookSecret", "s"),
                new("GitHub:Repositories", Repository), new("GitHub:WriteInterval", "00:00:00"), new("GitHub:RequestTimeout", "00:00:05"),
            ])
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"GitHub:{s.Name}", (string?)s.Value)))
            .Build();
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TestCatalogue.Value)
            .AddGitHub(configuration)
            .AddSingleton<RepositoryCheckRunner>()
            .AddSingleton<AppInstallation>()
            .AddSingleton(new RolloutLabels(["beta-test"]))
            .AddSingleton<TCheck>()
            .BuildServiceProvider();
        return await provider.GetRequiredService<TCheck>().CheckAsync(fix, TestContext.Current.CancellationToken);
    }
}
