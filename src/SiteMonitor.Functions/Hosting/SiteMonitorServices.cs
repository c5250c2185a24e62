using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Metering;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Workflows;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Doctor;
using SiteMonitor.Functions.BetaTesting;
using SiteMonitor.Functions.Comparing;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Starting;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Rollout;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Functions.Hosting;

public static class SiteMonitorServices
{
    /// <summary>Registers everything the functions need, for either host. Call <see cref="SettingsCheck.Run"/> before starting it.</summary>
    public static IServiceCollection AddSiteMonitor(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(configuration);
        services.AddGitHub(configuration);
        services.AddAnalysisModel(configuration);
        services.AddFlags(configuration);
        services.AddAnnouncements(configuration);
        services.AddRollout(configuration);
        services.AddWorkflows();
        services.AddPipelineSettings(configuration);
        services.AddReporting(configuration);
        services.AddDomain();
        services.AddSingleton<StepRunner>();
        services.AddSingleton<IssueStep>();
        services.AddSingleton<IssueComparer>();
        services.AddSingleton<ComparisonSample>();
        services.AddSingleton<BetaIssues>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<IssueStarter>();
        services.AddSingleton<BatchCandidates>();
        services.AddSingleton<BatchStarter>();
        services.AddSingleton<CommandUse>();
        services.AddSingleton<DryRuns>();
        services.AddSingleton<HandledIssues>();
        services.AddSingleton<DeliveryReader>();
        services.AddSingleton<OwnIdentities>();
        services.AddSingleton<RepositoryScope>();
        services.AddSingleton<Guarded>();
        services.AddDoctor();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, FlagsProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, RolloutProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, TimerProbe>());
        return services;
    }

    private static void AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new WorkflowControl(
            provider.GetRequiredService<RolloutStates>(),
            provider.GetRequiredService<IWorkflowSwitch>(),
            provider.GetRequiredService<RepositoryScope>().Configured,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<WorkflowFollower>();
        services.TryAddSingleton<PromptAnnouncer>();
    }

    private static void AddReporting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton<SiteMonitorMetrics>();
        services.TryAddSingleton<RunRecorder>();
        services.TryAddSingleton<MetricsReader>();
        services.TryAddSingleton<ReportReader>();
        Telemetry.Add(services, configuration);
    }

    private static void AddPipelineSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PipelineOptions>()
            .Configure(options => SettingsBinder.Bind(configuration.GetSection(PipelineOptions.Section), options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PipelineOptions>, PipelineOptionsValidator>());
    }

    private static void AddDomain(this IServiceCollection services)
    {
        services.TryAddSingleton<SpecialistCatalogue>(provider => CatalogueSource.Load(provider.GetRequiredService<IOptions<PipelineOptions>>().Value).Catalogue!);
        services.TryAddSingleton(provider =>
            new GuidanceMarkers(Convert.ToHexStringLower(MarkerKey.From(provider.GetRequiredService<IOptions<GitHubOptions>>().Value))));
        services.TryAddSingleton<PlanContext>();
        services.TryAddSingleton<ISuccessHistory, LedgerSuccess>();
    }
}
