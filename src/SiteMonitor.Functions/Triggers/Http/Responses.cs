using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Creates the responses of routes.</summary>
internal static class Responses
{
    /// <summary>Escapes no more than JSON needs, since people read the responses; a browser gets none of them as HTML.</summary>
    private static readonly ContractJson Readable =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Creates a JSON response without MVC's choice of a formatter; for routes with many requests a second.</summary>
    public static IActionResult Json<T>(T value, int status) => new ContentResult
    {
        Content = JsonSerializer.Serialize(value, Readable.Of<T>()),
        ContentType = "application/json; charset=utf-8",
        StatusCode = status,
    };

    public static IActionResult Ok(object value) => new OkObjectResult(value);

    public static IActionResult Accepted(object value) => new ObjectResult(value) { StatusCode = StatusCodes.Status202Accepted };

    /// <summary>Creates a problem response (RFC 9457).</summary>
    /// <param name="detail">What was wrong and what to do.</param>
    /// <param name="errors">One line per error, each with where it is.</param>
    public static IActionResult Problem(int status, string title, string detail, IReadOnlyList<string>? errors = null) =>
        Problem(new Problem { Title = title, Status = status, Detail = detail, Errors = errors ?? [] });

    public static IActionResult Problem(Problem problem) => new ObjectResult(problem)
    {
        StatusCode = problem.Status,
        ContentTypes = { Core.Contracts.Problem.ContentType },
    };

    public static IActionResult BadRequest(string detail, IReadOnlyList<string>? errors = null) =>
        Problem(StatusCodes.Status400BadRequest, "The request is not valid.", detail, errors);

    /// <summary>Refuses a repository that <c>GitHub:Repositories</c> does not list.</summary>
    public static IActionResult RepositoryNotConfigured(RepositoryRef repository) => Problem(
        StatusCodes.Status403Forbidden,
        "The repository is not configured.",
        $"{repository} is not in GitHub:Repositories: add it there, or leave that setting empty to allow any repository.");

    public static IActionResult Text(string text, string contentType) =>
        new ContentResult { Content = text, ContentType = $"{contentType}; charset=utf-8", StatusCode = StatusCodes.Status200OK };

    /// <summary>Writes a value of the rollout, with enumerations by name.</summary>
    public static IActionResult RolloutJson<T>(T value, int status = StatusCodes.Status200OK) => new ContentResult
    {
        Content = Core.Rollout.State.RolloutJson.Write(value),
        ContentType = "application/json; charset=utf-8",
        StatusCode = status,
    };

    /// <summary>Answers an operation: 200 when done or planned, 202 while flags remain to be written, 400 or 409 when refused.</summary>
    public static IActionResult From(OperationResult result) => result.Code switch
    {
        OperationResult.InvalidCode => Problem(StatusCodes.Status400BadRequest, result.Title, result.Next),
        OperationResult.NotFoundCode => Problem(StatusCodes.Status404NotFound, result.Title, result.Next),
        OperationResult.RefusedCode or OperationResult.ConflictCode =>
            Problem(StatusCodes.Status409Conflict, result.Title, result.Next, [.. result.Lines, .. result.Criteria.Select(Describe)]),
        OperationResult.PendingCode => RolloutJson(result, StatusCodes.Status202Accepted),
        _ => RolloutJson<object>(result),
    };

    private static string Describe(CriterionResult criterion) =>
        $"{criterion.Sign} {criterion.Title}: {criterion.Value} (target " +
            $"{criterion.Target}){(criterion.Detail.Length > 0 ? $"; {criterion.Detail}" : string.Empty)}";
}
