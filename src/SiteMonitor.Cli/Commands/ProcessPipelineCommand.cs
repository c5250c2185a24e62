using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>process-pipeline</c>: starts the pipeline for one issue or a batch.</summary>
internal sealed class ProcessPipelineCommand
{
    private readonly IssueOptions _issue = new();
    private readonly Option<string> _stage = new("--stage") { Description = "auto starts at the stage the issue's labels ask for and goes to the end.", DefaultValueFactory = _ => RequestedStage.Auto.ToName() };
    private readonly Option<int> _batchSize = new("--batch-size") { Description = $"At most this many issues, 1 to {BatchRequest.MaxSize}.", DefaultValueFactory = _ => BatchRequest.DefaultSize };
    private readonly Option<string> _priority = new("--priority") { Description = "urgent takes only issues labelled so.", DefaultValueFactory = _ => PriorityNames.Normal };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show each write that would happen and make none." };
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until every issue has come to an end." };

    private ProcessPipelineCommand()
    {
        _stage.AcceptOnlyFromAmong([.. Enum.GetValues<RequestedStage>().Select(s => s.ToName())]);
        _priority.AcceptOnlyFromAmong([.. PriorityNames.Known]);
        _batchSize.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out int size) || size is < 1 or > BatchRequest.MaxSize))
            {
                result.AddError($"--batch-size: write a number from 1 to {BatchRequest.MaxSize}.");
            }
        });
    }

    public static Command Create(CommandBuilder builder)
    {
        ProcessPipelineCommand options = new();
        Command command = new("process-pipeline", "Analyse and prepare issues: one, or a batch of those that wait.");
        options._issue.AddTo(command);
        command.Options.Add(options._stage);
        command.Options.Add(options._batchSize);
        command.Options.Add(options._priority);
        command.Options.Add(options._dryRun);
        command.Options.Add(options._wait);
        return builder.Build(command, options.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => _issue.FindIssue(context) is { } issue
        ? await RunIssueAsync(context, issue, cancellationToken)
        : await RunBatchAsync(context, cancellationToken);

    private async Task<int> RunIssueAsync(CommandContext context, IssueRef issue, CancellationToken cancellationToken)
    {
        PipelineRequest request = new()
        {
            Stage = context.Arguments.GetRequiredValue(_stage),
            Priority = context.Arguments.GetRequiredValue(_priority),
            DryRun = context.Arguments.GetValue(_dryRun),
        };
        ApiResponse<StartResponse> answer = await context.Api.PostAsync(
            IssueRoute.Of(issue), request, ContractJson.Default.PipelineRequest, ContractJson.Default.StartResponse, cancellationToken);
        if (answer.Value is not { } start)
        {
            return context.ShowProblem(answer);
        }

        if (context.Arguments.GetValue(_wait) && !request.DryRun)
        {
            return await RunWaiter.WaitAsync(context, [issue], cancellationToken);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
            return ExitCode.Ok;
        }

        StartText.Write(context.Terminal.Out, start, request.DryRun);
        return ExitCode.Ok;
    }

    private async Task<int> RunBatchAsync(CommandContext context, CancellationToken cancellationToken)
    {
        BatchRequest request = new()
        {
            Repository = _issue.FindRepository(context)?.ToString(),
            Stage = context.Arguments.GetRequiredValue(_stage),
            BatchSize = context.Arguments.GetValue(_batchSize),
            Priority = context.Arguments.GetRequiredValue(_priority),
            DryRun = context.Arguments.GetValue(_dryRun),
        };
        ApiResponse<BatchResponse> answer = await context.Api.PostAsync(
            "pipeline/batch", request, ContractJson.Default.BatchRequest, ContractJson.Default.BatchResponse, cancellationToken);
        if (answer.Value is not { } batch)
        {
            return context.ShowProblem(answer);
        }

        if (context.Arguments.GetValue(_wait) && !request.DryRun)
        {
            int waited = await RunWaiter.WaitAsync(context, [.. batch.Issues.Select(i => IssueRef.Parse(i.Issue))], cancellationToken);
            BatchText.WriteProblems(context.Terminal.Error, batch);
            return batch.Problems.Count > 0 ? ExitCode.Failed : waited;
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else
        {
            BatchText.Write(context.Terminal, batch, request.DryRun);
        }

        return batch.Problems.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}
