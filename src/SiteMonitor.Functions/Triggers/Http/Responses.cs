using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>The answers that routes give.</summary>
internal static class Responses
{
    public static IActionResult Ok(object value) => new OkObjectResult(value);

    public static IActionResult Accepted(object value) => new ObjectResult(value) { StatusCode = StatusCodes.Status202Accepted };

    /// <summary>RFC 9457.</summary>
    /// <param name="detail">What was wrong and what to do.</param>
    /// <param name="errors">One a fault, each with where it is.</param>
    public static IActionResult Problem(int status, string title, string detail, IReadOnlyList<string>? errors = null) =>
        Problem(new Problem { Title = title, Status = status, Detail = detail, Errors = errors ?? [] });

    public static IActionResult Problem(Problem problem) => new ObjectResult(problem)
    {
        StatusCode = problem.Status,
        ContentTypes = { Core.Contracts.Problem.ContentType },
    };

    public static IActionResult BadRequest(string detail, IReadOnlyList<string>? errors = null) =>
        Problem(StatusCodes.Status400BadRequest, "The request is not valid.", detail, errors);
}

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
