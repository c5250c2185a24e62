using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What the pacing of requests learns from the pipeline, and what its store's failure does to it.</summary>
public sealed class PacingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_The_Shared_Record_Issues_Are_Processed_And_The_Health_Says_So()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            services: services => services.AddSingleton<IPacingStateStore, LostStore>(), settings: new() { ["GitHub:MaxInstances"] = "2" });
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        HealthReport report = (await app.Http.GetFromJsonAsync<HealthReport>("api/health/details", Stop))!;
        HealthEntry pacing = Assert.Single(report.Checks, c => c.Name == "pacing");
        Assert.Equal(HealthReport.Degraded, pacing.Status);
        Assert.Contains("1/2 (GitHub:MaxInstances)", pacing.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(app.GitHub.Credentials.Token, pacing.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_Are_Ordered_By_Label_Trigger_And_Repository()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton(RecordingTracker.Create));
        IssueRef urgent = app.OpenClear("urgent");
        IssueRef usual = app.OpenClear();
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();
        IssueRef manual = app.OpenClear();
        await app.RunAsync(manual);

        ConcurrentDictionary<string, WritePriority> seen = ((RecordingTracker)app.Services.GetRequiredService<IIssueTracker>()).Priorities;
        Assert.Equal(WritePriority.Urgent, seen[urgent.Canonical]);
        Assert.Equal(WritePriority.Batch, seen[usual.Canonical]);
        Assert.Equal(WritePriority.Normal, seen[manual.Canonical]);
    }

    private sealed class LostStore : IPacingStateStore
    {
        public Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken) =>
            throw new TransientFailureException("storage-unreachable", "The store is away.");

        public Task<string?> TrySaveAsync(string credential, PacingState state, string? version, CancellationToken cancellationToken) =>
            throw new TransientFailureException("storage-unreachable", "The store is away.");
    }
}

/// <summary>The app's tracker, which also records with which priority each issue was first written.</summary>
public class RecordingTracker : DispatchProxy
{
    private IIssueTracker _tracker = null!;

    public ConcurrentDictionary<string, WritePriority> Priorities { get; } = new();

    public static IIssueTracker Create(IServiceProvider services)
    {
        IIssueTracker proxy = Create<IIssueTracker, RecordingTracker>();
        ((RecordingTracker)proxy)._tracker = ActivatorUtilities.CreateInstance<OctokitIssueTracker>(services);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IIssueTracker.ApplyAsync))
        {
            IssueRef issue = (IssueRef)args![0]!;
            Assert.Equal(issue.Repository.Canonical, WritePrecedence.Current.Repository);
            Priorities.TryAdd(issue.Canonical, WritePrecedence.Current.Priority);
        }

        return targetMethod.Invoke(_tracker, args);
    }
}
