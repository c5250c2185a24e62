using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>status</c>: how the application is, or how one issue stands.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandBuilder builder)
    {
        IssueOptions options = new();
        Command command = new("status", "Show whether the application is well or, with --issue, how an issue stands.");
        options.AddTo(command);
        return builder.Build(command, async (context, cancellationToken) => options.FindIssue(context) is { } issue
            ? await ShowIssueAsync(context, issue, cancellationToken)
            : await ShowHealthAsync(context, cancellationToken));
    }

    private static async Task<int> ShowIssueAsync(CommandContext context, IssueRef issue, CancellationToken cancellationToken)
    {
        ApiResponse<IssueStatus> answer = await context.Api.GetAsync(IssueRoute.Of(issue), ContractJson.Default.IssueStatus, cancellationToken);
        if (answer.Value is not { } status)
        {
            return context.ShowProblem(answer);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else
        {
            IssueStatusText.Write(context.Terminal.Out, status);
        }

        return OutcomeText.IsFailure(status) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task<int> ShowHealthAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ApiResponse<HealthReport> answer = await context.Api.GetAsync("health", ContractJson.Default.HealthReport, cancellationToken);
        if (answer.Value is not { } health)
        {
            return context.ShowProblem(answer);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else
        {
            HealthText.Write(context.Terminal.Out, context.Api.Target.Url, health);
        }

        return health.Status == HealthReport.Failing ? ExitCode.Failed : ExitCode.Ok;
    }
}
