using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SiteMonitor.Core.Contracts;

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
