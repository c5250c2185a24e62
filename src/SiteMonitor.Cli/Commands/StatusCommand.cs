using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>status</c>: shows the application's health or the status of one issue.</summary>
internal static class StatusCommand
{
    /// <summary>The number of runs among which issues that failed or wait for a person are looked for.</summary>
    private const int RecentRuns = 200;

    private static readonly TimeSpan RunsTimeout = TimeSpan.FromSeconds(10);

    public static Command Create(CommandBuilder builder)
    {
        IssueOptions options = new();
        Command command = new("status", "Show the application's health or, with --issue, the status of an issue.");
        options.AddTo(command);
        return builder.Build(command, async (context, cancellationToken) => options.FindIssue(context) is { } issue
            ? await ShowIssueAsync(context, issue, cancellationToken)
            : await ShowHealthAsync(context, cancellationToken));
    }

    private static async Task<int> ShowIssueAsync(CommandContext context, IssueRef issue, CancellationToken cancellationToken) =>
        context.Show(
            await context.Api.GetAsync<IssueStatus>($"{IssueRoute.Of(issue)}?state=true", cancellationToken),
            IssueStatusText.Write,
            static status => OutcomeText.IsFailure(status) ? ExitCode.Failed : ExitCode.Ok);

    private static async Task<int> ShowHealthAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ApiResponse<HealthReport> health = await context.Api.GetAsync<HealthReport>("health/details", cancellationToken);
        RunList? runs = health.Value?.Status == HealthReport.Ok && !context.Json ? await FindRunsAsync(context, cancellationToken) : null;
        return context.Show(
            health,
            (console, report) => HealthText.Write(console, context.Api.Target.Url, report, runs),
            static report => report.Status == HealthReport.Failing ? ExitCode.Failed : ExitCode.Ok);
    }

    /// <summary>Returns the latest runs; null if they cannot be read: the health has been read all the same.</summary>
    private static async Task<RunList?> FindRunsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(RunsTimeout);
        try
        {
            return (await context.Api.GetAsync<RunList>($"runs?limit={RecentRuns}", timeout.Token)).Value;
        }
        catch (Exception failure) when (
            failure is UnreachableException or UsageException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
