using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Applies an operator's request to the rollout and writes its flags.</summary>
public sealed class OperateRollout(
    RolloutControl control,
    BetaIssueOpener betaIssues,
    AnnouncementSender announcer,
    WorkflowSynchronizer workflows,
    AdvancePreview preview,
    UndoStarter undo)
{
    private const string Undo = "undo";

    private static readonly JsonTypeInfo<UndoRequest> UndoRequestType =
        (JsonTypeInfo<UndoRequest>)RolloutJson.Options.GetTypeInfo(typeof(UndoRequest));

    internal static JsonTypeInfo<OperatorRequest> RequestType { get; } =
        (JsonTypeInfo<OperatorRequest>)RolloutJson.Options.GetTypeInfo(typeof(OperatorRequest));

    [Function("RolloutOperate")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "rollout/{action}")] HttpRequest request,
        string action,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (action.Equals(Undo, StringComparison.OrdinalIgnoreCase))
        {
            UndoRequest wanted = await JsonBody.ReadAsync(request, UndoRequestType, cancellationToken);
            UndoStatus status = await undo.StartAsync(client, wanted, cancellationToken);
            return Responses.RolloutJson(
                status, status.State == UndoState.Running ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
        }

        Func<OperatorRequest, CancellationToken, Task<OperationResult>>? operation = action.ToLowerInvariant() switch
        {
            "announce" => control.AnnounceAsync,
            "advance" => control.AdvanceAsync,
            "back" => control.BackAsync,
            "rollback" => control.RollBackAsync,
            "freeze" => control.FreezeAsync,
            "unfreeze" => control.UnfreezeAsync,
            "resume" => control.ResumeAsync,
            "no-go" => control.NoGoAsync,
            "confirm" => control.ConfirmAsync,
            "withdraw" => control.WithdrawAsync,
            "reset-evidence" => control.ResetEvidenceAsync,
            "beta-issues" => betaIssues.OpenAsync,
            _ => null,
        };
        if (operation is null)
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such operation.",
                "Choose one of announce, advance, back, rollback, freeze, unfreeze, resume, no-go, confirm, withdraw, reset-evidence, " +
                    "beta-issues, undo.");
        }

        OperatorRequest body = await JsonBody.ReadAsync(request, RequestType, cancellationToken);
        OperationResult result = await operation(body, cancellationToken);
        if (result.Changed)
        {
            IReadOnlyList<string> deliveries = await announcer.SendPromptlyAsync(cancellationToken);
            result = result with { Lines = [.. result.Lines, .. deliveries] };
            result = await workflows.ApplyAsync(action, body, result, cancellationToken);
        }

        return Responses.From(
            result.Code == OperationResult.PlannedCode && action.Equals("advance", StringComparison.OrdinalIgnoreCase)
                ? await preview.AddAsync(result, cancellationToken)
                : result);
    }
}
