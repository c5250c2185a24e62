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
    private const string BetaIssues = "beta-issues";

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

        string operation = action.ToLowerInvariant();
        if (operation != BetaIssues && !RolloutControl.Operations.Contains(operation))
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such operation.",
                $"Choose one of {string.Join(", ", RolloutControl.Operations)}, {BetaIssues}, {Undo}.");
        }

        OperatorRequest body = await JsonBody.ReadAsync(request, RequestType, cancellationToken);
        OperationResult result = operation == BetaIssues
            ? await betaIssues.OpenAsync(body, cancellationToken)
            : await control.RunAsync(operation, body, cancellationToken);
        if (result.Changed)
        {
            IReadOnlyList<string> deliveries = await announcer.SendPromptlyAsync(cancellationToken);
            result = result with { Lines = [.. result.Lines, .. deliveries] };
            result = await workflows.ApplyAsync(action, body, result, cancellationToken);
        }

        return Responses.From(
            result.Code == OperationResult.PlannedCode && operation == "advance"
                ? await preview.AddAsync(result, cancellationToken)
                : result);
    }
}
