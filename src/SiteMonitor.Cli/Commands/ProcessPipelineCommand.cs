using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>process-pipeline</c>: starts the pipeline for one issue or a batch.</summary>
internal sealed class ProcessPipelineCommand
{
    private readonly IssueOptions _issue = new();
    private readonly StartOptions _options = new();
    private readonly Option<string> _stage = new("--stage")
    {
        Description = "auto starts at the stage that the issue's labels ask for and continues to the end.",
        DefaultValueFactory = _ => RequestedStage.Auto.ToName(),
    };

    private readonly Option<string> _priority = new("--priority")
    {
        Description = "urgent selects only issues labelled urgent.",
        DefaultValueFactory = _ => PriorityNames.Normal,
    };

    private ProcessPipelineCommand()
    {
        _stage.AcceptOnlyFromAmong([.. Enum.GetValues<RequestedStage>().Select(s => s.ToName())]);
        _priority.AcceptOnlyFromAmong([.. PriorityNames.Known]);
    }

    public static Command Create(CommandBuilder builder)
    {
        ProcessPipelineCommand instance = new();
        Command command = new("process-pipeline", "Analyse and prepare one issue, or a batch of those that wait.");
        instance._issue.AddTo(command);
        command.Options.Add(instance._stage);
        command.Options.Add(instance._priority);
        instance._options.AddTo(command);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) =>
        _issue.FindIssue(context) is { } issue
            ? await RunIssueAsync(context, issue, cancellationToken)
            : await RunBatchAsync(context, cancellationToken);

    private async Task<int> RunIssueAsync(CommandContext context, IssueRef issue, CancellationToken cancellationToken)
    {
        PipelineRequest request = new()
        {
            Stage = context.Arguments.GetRequiredValue(_stage),
            Priority = context.Arguments.GetRequiredValue(_priority),
            DryRun = context.Arguments.GetValue(_options.DryRun),
        };
        ApiResponse<StartResponse> response =
            await context.Api.PostAsync<PipelineRequest, StartResponse>(IssueRoute.Of(issue), request, cancellationToken);
        bool wait = context.Arguments.GetValue(_options.Wait) && !request.DryRun;
        if (response.Value is not null && wait)
        {
            return await RunWaiter.WaitAsync(context, [issue], cancellationToken);
        }

        int exitCode = context.Show(
            response,
            (console, start) => StartText.Write(console, start, request.DryRun),
            start => IsRefused(start, request.Stage) ? ExitCode.Failed : ExitCode.Ok);
        return response.Value is { Started: true } && !request.DryRun
            ? await StageCheck.RunAsync(context, issue, request.Stage, cancellationToken)
            : exitCode;
    }

    /// <summary>Returns whether a dry run says that the requested stage does not fit the issue.</summary>
    private static bool IsRefused(StartResponse start, string stage) =>
        stage != RequestedStage.Auto.ToName() && start.Plan?.Outcome == WireName.Of(RunOutcome.Skipped);

    private async Task<int> RunBatchAsync(CommandContext context, CancellationToken cancellationToken)
    {
        BatchRequest request = new()
        {
            Repository = _issue.FindRepository(context)?.ToString(),
            Stage = context.Arguments.GetRequiredValue(_stage),
            BatchSize = context.Arguments.GetValue(_options.BatchSize),
            Priority = context.Arguments.GetRequiredValue(_priority),
            DryRun = context.Arguments.GetValue(_options.DryRun),
        };
        ApiResponse<BatchResponse> response =
            await context.Api.PostAsync<BatchRequest, BatchResponse>("pipeline/batch", request, cancellationToken);
        bool wait = context.Arguments.GetValue(_options.Wait) && !request.DryRun;
        if (response.Value is not { } batch || !wait)
        {
            return context.Show(
                response,
                (_, started) => BatchText.Write(context.Terminal, started, request.DryRun),
                static started => started.Problems.Count > 0 ? ExitCode.Failed : ExitCode.Ok);
        }

        IssueRef[] issues = [.. batch.Issues.Select(i => IssueRef.Parse(i.Issue))];
        int exitCode = await RunWaiter.WaitAsync(context, issues, cancellationToken);
        BatchText.WriteProblems(context.Terminal.Error, batch);
        return batch.Problems.Count > 0 ? ExitCode.Failed : exitCode;
    }
}

/// <summary>Defines the options of every command that starts runs.</summary>
internal sealed class StartOptions
{
    public StartOptions() =>
        BatchSize.Validators.Add(static result =>
        {
            if (result.Tokens is [var token]
                && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out int size) || size is < 1 or > BatchRequest.MaxSize))
            {
                result.AddError($"--batch-size: use a number from 1 to {BatchRequest.MaxSize}.");
            }
        });

    public Option<int> BatchSize { get; } = new("--batch-size")
    {
        Description = $"Maximum number of issues in a batch, 1 to {BatchRequest.MaxSize}.",
        DefaultValueFactory = _ => BatchRequest.DefaultSize,
    };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Show each write that would be made, and make none." };

    public Option<bool> Wait { get; } = new("--wait") { Description = "Wait until every issue's run has ended." };

    public void AddTo(Command command)
    {
        command.Options.Add(BatchSize);
        command.Options.Add(DryRun);
        command.Options.Add(Wait);
    }
}
