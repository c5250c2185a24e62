using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Functions.Triggers.Issues;

namespace SiteMonitor.Functions.Triggers.Commands;

/// <summary>The commands of before the pipeline, as far as the flag <c>LegacyCommands</c> still lets them: through the same runs as everything else, so that no issue is worked on twice at once.</summary>
public sealed partial class RunOldCommand(
    HttpErrorHandler guarded,
    IRoutePolicy policy,
    CommandUsageRecorder use,
    IssueStarter starter,
    BatchStarter batch,
    RepositoryScope scope,
    RolloutPlan plan,
    ILogger<RunOldCommand> logger)
{
    [Function(nameof(RunOldCommand))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "commands/{command}")] HttpRequest request,
        string command,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            if (OldCommands.Find(command) is not { } known)
            {
                return Responses.Problem(StatusCodes.Status404NotFound, "There is no such command.", $"The old commands are {string.Join(", ", OldCommands.All.Select(c => c.Name))}.");
            }

            LegacyCommandMode mode = await policy.GetLegacyCommandModeAsync(cancellationToken);
            (CommandRequest wanted, RequestBodyException? unreadable) = await ReadAsync(request, cancellationToken);
            List<string> errors = [];
            CommandTarget? target = unreadable is null ? CommandTarget.Of(wanted, scope, errors) : null;
            await use.RecordAsync(known, mode, target?.Issue, cancellationToken);
            string notice = OldCommandNotices.Create(known, mode, wanted, plan.OldCommandsGo, plan.MigrationGuide);
            Log.Used(logger, known.Name, mode, notice);
            return mode == LegacyCommandMode.Removed ? Responses.Problem(StatusCodes.Status410Gone, "The command has been removed.", notice)
                : unreadable is not null ? Responses.Problem(unreadable.Status, "The request's body was refused.", $"{unreadable.Message} {notice}".TrimEnd(), unreadable.Errors)
                : target is null ? Responses.BadRequest("Nothing was started.", errors)
                : target.Repositories.FirstOrDefault(r => !scope.Includes(r)) is { } foreign ? StartIssue.OutOfScope(foreign)
                : await DoAsync(client, known, mode, wanted, target, notice, cancellationToken);
        });

    /// <summary>Whoever still calls an old command may call it as no version ever took it: that use counts too, and is told what takes its place.</summary>
    private static async Task<(CommandRequest Wanted, RequestBodyException? Unreadable)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonBody.ReadAsync(request, ContractJson.Default.Of<CommandRequest>(), cancellationToken), null);
        }
        catch (RequestBodyException unreadable)
        {
            return (new CommandRequest(), unreadable);
        }
    }

    private async Task<IActionResult> DoAsync(
        DurableTaskClient client, OldCommand command, LegacyCommandMode mode, CommandRequest wanted, CommandTarget target, string notice, CancellationToken cancellationToken)
    {
        string legacyFor = mode == LegacyCommandMode.Redirected ? string.Empty : command.Name;
        CommandResponse answer = new() { Command = command.Name, Mode = WireName.Of(mode), Replacement = command.GetReplacement(wanted), Notice = notice };
        if (target.Issue is { } issue)
        {
            PipelineInput input = new()
            {
                Issue = issue.Canonical,
                Stage = command.IssueStage,
                Trigger = TriggerNames.Command,
                RequestId = Guid.NewGuid().ToString("N"),
                DryRun = wanted.DryRun,
                LegacyCommand = legacyFor,
            };
            IssueStart start = await starter.StartAsync(client, issue, input, cancellationToken);
            return start switch
            {
                { Refused: { } refused } => Responses.Problem(refused),
                { Answer.Plan: not null } => Responses.Ok(answer with { Start = start.Answer }),
                _ => Responses.Accepted(answer with { Start = start.Answer }),
            };
        }

        BatchRequest some = new() { Stage = command.BatchStage, BatchSize = wanted.BatchSize, DryRun = wanted.DryRun };
        BatchResponse begun = await batch.StartAsync(client, some, target.Repositories, TriggerNames.Batch, legacyFor, TimeSpan.Zero, cancellationToken);
        return begun.Problems.Count == target.Repositories.Count && begun.Issues.Count == 0
            ? Responses.Problem(StatusCodes.Status503ServiceUnavailable, "No repository could be listed.", "Nothing was started.", begun.Problems)
            : Responses.Accepted(answer with { Batch = begun });
    }

    private static partial class Log
    {
        [LoggerMessage(341, LogLevel.Information, "Old command {Command} called while {Mode}. {Notice}")]
        public static partial void Used(ILogger logger, string command, LegacyCommandMode mode, string notice);
    }
}
