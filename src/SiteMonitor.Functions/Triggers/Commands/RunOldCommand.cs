using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
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

/// <summary>
/// Runs one of the commands that the pipeline replaces, as far as the flag <c>LegacyCommands</c> allows.
/// It starts the same runs as every other trigger, so that no issue is processed twice at once.
/// </summary>
public sealed partial class RunOldCommand(
    IRoutePolicy policy,
    CommandUsageRecorder usage,
    IssueStarter starter,
    BatchStarter batch,
    RepositoryScope scope,
    RepositoryResolver resolver,
    RolloutPlan plan,
    ILogger<RunOldCommand> logger)
{
    [Function(nameof(RunOldCommand))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "commands/{command}")] HttpRequest request,
        string command,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (OldCommands.Find(command) is not { } known)
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound, "There is no such command.",
                $"The old commands are {string.Join(", ", OldCommands.All.Select(c => c.Name))}.");
        }

        LegacyCommandMode mode = await policy.GetLegacyCommandModeAsync(cancellationToken);
        (CommandRequest body, HttpProblemException? unreadable) = await ReadBodyAsync(request, cancellationToken);
        List<string> errors = [];
        CommandTarget? target = unreadable is null ? CommandTarget.Parse(body, scope, errors) : null;
        target = target is null ? null : await target.WithKeysAsync(resolver, cancellationToken);
        string caller = string.IsNullOrWhiteSpace(body.Operator) ? request.Headers.UserAgent.ToString() : body.Operator;
        await usage.RecordAsync(known, mode, target?.Issue, caller, cancellationToken);
        string notice = OldCommandNotices.Create(known, mode, body, plan.OldCommandRemovalVersion, plan.MigrationGuide);
        Log.Called(logger, known.Name, mode, notice);
        if (mode == LegacyCommandMode.Removed)
        {
            return Responses.Problem(StatusCodes.Status410Gone, "The command has been removed.", notice);
        }

        if (unreadable is { Problem: var problem })
        {
            return Responses.Problem(problem with { Detail = $"{problem.Detail} {notice}".TrimEnd() });
        }

        return target is null ? Responses.BadRequest("Nothing was started.", errors)
            : target.Repositories.FirstOrDefault(r => !scope.Includes(r)) is { } other ? Responses.RepositoryNotConfigured(other)
            : await StartAsync(client, known, mode, body, target, notice, cancellationToken);
    }

    /// <summary>
    /// A caller may send what no version ever accepted. That use is recorded too, and the response names the replacement.
    /// </summary>
    private static async Task<(CommandRequest Body, HttpProblemException? Unreadable)> ReadBodyAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonBody.ReadAsync(request, ContractJson.Default.Of<CommandRequest>(), cancellationToken), null);
        }
        catch (HttpProblemException unreadable)
        {
            return (new CommandRequest(), unreadable);
        }
    }

    private async Task<IActionResult> StartAsync(
        DurableTaskClient client,
        OldCommand command,
        LegacyCommandMode mode,
        CommandRequest body,
        CommandTarget target,
        string notice,
        CancellationToken cancellationToken)
    {
        string legacyCommand = mode == LegacyCommandMode.Redirected ? string.Empty : command.Name;
        CommandResponse response =
            new() { Command = command.Name, Mode = WireName.Of(mode), Replacement = command.GetReplacement(body), Notice = notice };
        if (target.Issue is not { } issue)
        {
            BatchRequest some = new() { Stage = command.BatchStage, BatchSize = body.BatchSize, DryRun = body.DryRun };
            return Responses.Accepted(response with
            {
                Batch = await batch.StartForCallerAsync(client, some, target.Repositories, legacyCommand, cancellationToken),
            });
        }

        PipelineInput input = new()
        {
            Issue = issue.Canonical,
            Stage = command.IssueStage,
            Trigger = TriggerNames.Command,
            RequestId = Guid.NewGuid().ToString("N"),
            DryRun = body.DryRun,
            LegacyCommand = legacyCommand,
        };
        response = response with { Start = await starter.StartAsync(client, issue, input, cancellationToken) };
        return response.Start.Plan is null ? Responses.Accepted(response) : Responses.Ok(response);
    }

    private static partial class Log
    {
        [LoggerMessage(341, LogLevel.Information, "Old command {Command} was called in mode {Mode}. {Notice}")]
        public static partial void Called(ILogger logger, string command, LegacyCommandMode mode, string notice);
    }
}
