using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>The operator's hand on the rollout.</summary>
public sealed class OperateRollout(HttpErrorHandler guarded, RolloutControl control, BetaIssueOpener betaIssues, AnnouncementSender announcer, WorkflowSynchronizer workflows)
{
    /// <summary>The name that stored histories have for this function.</summary>
    public const string FunctionName = "RolloutOperate";

    internal static JsonTypeInfo<OperatorRequest> RequestType { get; } = (JsonTypeInfo<OperatorRequest>)RolloutJson.Options.GetTypeInfo(typeof(OperatorRequest));

    [Function(OperateRollout.FunctionName)]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "rollout/{action}")] HttpRequest request, string action, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            Func<OperatorRequest, CancellationToken, Task<OperationResult>>? operation = action.ToLowerInvariant() switch
            {
                "announce" => control.AnnounceAsync,
                "advance" => control.AdvanceAsync,
                "rollback" => control.RollBackAsync,
                "back" => control.BackAsync,
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
                    "Choose among announce, advance, back, rollback, resume, freeze, unfreeze, no-go, confirm, withdraw, reset-evidence, beta-issues.");
            }

            OperatorRequest wanted = await JsonBody.ReadAsync(request, RequestType, cancellationToken);
            OperationResult result = await operation(wanted, cancellationToken);
            if (result.Changed)
            {
                IReadOnlyList<string> deliveries = await announcer.SendPromptlyAsync(cancellationToken);
                result = result with { Lines = [.. result.Lines, .. deliveries] };
                result = await workflows.FollowAsync(action, wanted, result, cancellationToken);
            }

            return RolloutResponses.From(result);
        });
}
