using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>process-issues</c>, <c>process-copilot-issues</c>, <c>assign-workflows</c>: the application decides by its flag what becomes of them.</summary>
internal sealed class OldCommandCommand
{
    private readonly OldCommand _old;
    private readonly IssueOptions _issue = new();
    private readonly Option<int> _batchSize = new("--batch-size") { Description = $"At most this many issues, 1 to {BatchRequest.MaxSize}.", DefaultValueFactory = _ => BatchRequest.DefaultSize };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show each write that would happen and make none." };
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until every issue has come to an end." };

    private OldCommandCommand(OldCommand old) => _old = old;

    public static Command Create(CommandBuilder builder, OldCommand old)
    {
        OldCommandCommand options = new(old);
        Command command = new(old.Name, $"Old command: {old.Summary} Use process-pipeline instead.");
        options._issue.AddTo(command);
        command.Options.Add(options._batchSize);
        command.Options.Add(options._dryRun);
        command.Options.Add(options._wait);
        return builder.Build(command, options.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        IssueRef? issue = _issue.FindIssue(context);
        CommandRequest request = new()
        {
            Repository = (issue?.Repository ?? _issue.FindRepository(context))?.ToString(),
            Issue = issue?.Number,
            BatchSize = context.Arguments.GetValue(_batchSize),
            DryRun = context.Arguments.GetValue(_dryRun),
        };
        ApiResponse<CommandResponse> answer = await context.Api.PostAsync(
            $"commands/{_old.Name}", request, ContractJson.Default.Of<CommandRequest>(), ContractJson.Default.Of<CommandResponse>(), cancellationToken);
        if (answer.Value is not { } done)
        {
            return context.ShowProblem(answer);
        }

        if (done.Notice.Length > 0)
        {
            context.Terminal.Error.MarkupLineInterpolated($"[yellow]{done.Notice}[/]");
        }

        IReadOnlyList<string> problems = done.Batch?.Problems ?? [];
        if (context.Arguments.GetValue(_wait) && !request.DryRun)
        {
            IssueRef[] begun = issue is not null ? [issue] : [.. (done.Batch?.Issues ?? []).Select(i => IssueRef.Parse(i.Issue))];
            int waited = await RunWaiter.WaitAsync(context, begun, cancellationToken);
            return problems.Count > 0 ? ExitCode.Failed : waited;
        }

        Show(context, answer, done, request.DryRun);
        return problems.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
    }

    private static void Show(CommandContext context, ApiResponse<CommandResponse> answer, CommandResponse done, bool dryRun)
    {
        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else if (done.Batch is { } batch)
        {
            BatchText.Write(context.Terminal, batch, dryRun);
        }
        else if (done.Start is { } start)
        {
            StartText.Write(context.Terminal.Out, start, dryRun);
        }
    }
}
