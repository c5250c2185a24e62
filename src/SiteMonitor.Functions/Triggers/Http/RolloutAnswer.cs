using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Answers of the rollout's routes: enumerations by name; a refusal is problem+json.</summary>
internal static class RolloutResponses
{
    public static IActionResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        new ContentResult { Content = RolloutJson.Write(value), ContentType = "application/json; charset=utf-8", StatusCode = status };

    public static IActionResult Text(string text, string contentType) => new ContentResult { Content = text, ContentType = $"{contentType}; charset=utf-8", StatusCode = StatusCodes.Status200OK };

    /// <summary>200 for what was done or planned, 202 while flags are still to be written, 400 and 409 for what was not.</summary>
    public static IActionResult From(OperationResult result) => result.Code switch
    {
        OperationResult.InvalidCode => Responses.Problem(StatusCodes.Status400BadRequest, result.Title, result.Next),
        OperationResult.RefusedCode or OperationResult.ConflictCode => Responses.Problem(StatusCodes.Status409Conflict, result.Title, result.Next, [.. result.Lines, .. result.Criteria.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target}){(c.Detail.Length > 0 ? $"; {c.Detail}" : string.Empty)}")]),
        OperationResult.PendingCode => Json(result, StatusCodes.Status202Accepted),
        _ => Json(result),
    };
}
