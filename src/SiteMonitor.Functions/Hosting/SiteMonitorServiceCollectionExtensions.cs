using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Core.Undo;
using SiteMonitor.Core.Workflows;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.Functions.Triggers.Commands;
using SiteMonitor.Functions.Triggers.Backtest;
using SiteMonitor.Functions.Triggers.Comparison;
using SiteMonitor.Functions.Triggers.Doctor;
using SiteMonitor.Functions.Triggers.Health;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Functions.Triggers.Issues;
using SiteMonitor.Functions.Triggers.Rollout;
using SiteMonitor.Functions.Triggers.Webhook;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Rollout;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Functions.Hosting;

public static class SiteMonitorServiceCollectionExtensions
{
    /// <summary>
    /// Registers everything the functions need, for either host. Call <see cref="SettingsCheck.Run"/> before starting it.
    /// </summary>
    public static IServiceCollection AddSiteMonitor(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(configuration);
        services.AddGitHub(configuration);
        services.AddAnalysisModel(configuration);
        services.AddFeatureFlags(configuration);
        services.AddAnnouncements(configuration);
        services.AddRollout(configuration);
        services.AddWorkflows();
        services.AddSettings<PipelineOptions, PipelineOptionsValidator>(configuration.GetSection(PipelineOptions.Section));
        services.AddReporting(configuration);
        services.AddDomain();
        services.AddSingleton<ActivityExecutor>();
        services.AddSingleton<StageWriter>();
        services.AddSingleton<NameFinder>();
        services.AddSingleton<IssueComparer>();
        services.AddSingleton<ComparisonSample>();
        services.AddSingleton<BacktestRunner>();
        services.AddSingleton<BetaIssueOpener>();
        services.AddSingleton<RepositoryResolver>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<IssueStarter>();
        services.AddSingleton<BatchCandidateFinder>();
        services.AddSingleton<BatchStarter>();
        services.AddSingleton<BacklogIntake>();
        services.AddSingleton<BlastRadiusReader>();
        services.AddSingleton<AdvancePreview>();
        services.AddSingleton<CommandUsageRecorder>();
        services.AddSingleton<DryRuns>();
        services.AddSingleton<HandledIssues>();
        services.AddSingleton<UndoExclusions>();
        services.AddSingleton<UndoStarter>();
        services.AddSingleton<InterventionRecorder>();
        services.AddSingleton<DeliveryClassifier>();
        services.AddSingleton<DeliveryRepositoryResolver>();
        services.AddSingleton<OutcomeClassifier>();
        services.AddSingleton<OwnLogins>();
        services.AddSingleton<RepositoryScope>();
        services.AddSingleton<IFunctionsWorkerMiddleware, HttpErrorHandler>();
        services.AddDoctor();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, FlagsProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, RolloutProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, TimerProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, PacingProbe>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthProbe, ServicesProbe>());
        return services;
    }

    private static void AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new WorkflowControl(
            provider.GetRequiredService<RolloutStateRepository>(),
            provider.GetRequiredService<IWorkflowSwitch>(),
            provider.GetRequiredService<RepositoryScope>().Configured));
        services.TryAddSingleton<WorkflowSynchronizer>();
        services.TryAddSingleton<AnnouncementSender>();
        services.TryAddSingleton<GuardRunner>();
        services.AddSingleton<IRunRecordObserver>(provider => provider.GetRequiredService<GuardRunner>());
    }

    private static void AddReporting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton<SiteMonitorMetrics>();
        services.TryAddSingleton<RunRecorder>();
        services.TryAddSingleton<UsageLimiter>();
        services.TryAddSingleton<MetricsReader>();
        services.TryAddSingleton<RunReader>();
        services.TryAddSingleton<IncidentReader>();
        services.TryAddSingleton<ReportReader>();
        services.TryAddSingleton<ReportNotes>();
        services.AddTelemetry(configuration);
    }

    private static void AddDomain(this IServiceCollection services)
    {
        services.TryAddSingleton<SpecialistCatalogue>(
            provider => CatalogueFile.Load(provider.GetRequiredService<IOptions<PipelineOptions>>().Value).Catalogue!);
        services.TryAddSingleton(provider =>
            new GuidanceMarkers(Convert.ToHexStringLower(MarkerKey.From(provider.GetRequiredService<IOptions<GitHubOptions>>().Value))));
        services.TryAddSingleton<PlanContext>();
        services.TryAddSingleton<ISuccessHistory, LedgerSuccessHistory>();
    }
}
