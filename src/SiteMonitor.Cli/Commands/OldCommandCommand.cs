using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines the old commands; the application decides by its flag <c>LegacyCommands</c> what a call does.</summary>
internal sealed class OldCommandCommand
{
    private readonly OldCommand _old;
    private readonly IssueOptions _issue = new();
    private readonly StartOptions _options = new();

    private OldCommandCommand(OldCommand old) => _old = old;

    public static Command Create(CommandBuilder builder, OldCommand old)
    {
        OldCommandCommand instance = new(old);
        Command command = new(old.Name, $"Old command: {old.Summary} Use process-pipeline instead.");
        instance._issue.AddTo(command);
        instance._options.AddTo(command);
        return builder.Build(command, instance.RunAsync);
    }

    private static void Show(CommandContext context, ApiResponse<CommandResponse> response, CommandResponse result, bool dryRun)
    {
        if (context.Json)
        {
            context.Terminal.Out.WriteJson(response.Body);
        }
        else if (result.Batch is { } batch)
        {
            BatchText.Write(context.Terminal, batch, dryRun);
        }
        else if (result.Start is { } start)
        {
            StartText.Write(context.Terminal.Out, start, dryRun);
        }
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        IssueRef? issue = _issue.FindIssue(context);
        CommandRequest request = new()
        {
            Repository = (issue?.Repository ?? _issue.FindRepository(context))?.ToString(),
            Issue = issue?.Number,
            BatchSize = context.Arguments.GetValue(_options.BatchSize),
            DryRun = context.Arguments.GetValue(_options.DryRun),
            Operator = context.Terminal.UserName,
        };
        ApiResponse<CommandResponse> response =
            await context.Api.PostAsync<CommandRequest, CommandResponse>($"commands/{_old.Name}", request, cancellationToken);
        if (response.Value is not { } result)
        {
            return context.ShowProblem(response);
        }

        if (result.Notice.Length > 0)
        {
            context.Terminal.Error.WriteStyledLine($"[yellow]{result.Notice}[/]");
        }

        bool hasProblems = result.Batch?.Problems.Count > 0;
        if (context.Arguments.GetValue(_options.Wait) && !request.DryRun)
        {
            IssueRef[] issues = issue is not null ? [issue] : [.. (result.Batch?.Issues ?? []).Select(i => IssueRef.Parse(i.Issue))];
            int exitCode = await RunWaiter.WaitAsync(context, issues, cancellationToken);
            return hasProblems ? ExitCode.Failed : exitCode;
        }

        Show(context, response, result, request.DryRun);
        if (issue is not null && result.Start is { Started: true } && !request.DryRun)
        {
            return await StageCheck.RunAsync(context, issue, _old.IssueStage, cancellationToken);
        }

        return hasProblems ? ExitCode.Failed : ExitCode.Ok;
    }
}
