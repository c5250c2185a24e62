using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Checks everything that the application needs, and says what to do.</summary>
public sealed class RunDoctor(DoctorRunner diagnosis)
{
    /// <summary>
    /// Checks everything that the application needs, with its own credentials; changes nothing. Always 200: the findings say what is
    /// wrong.
    /// </summary>
    [Function("DoctorLook")]
    public async Task<IActionResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "doctor")] HttpRequest request, CancellationToken cancellationToken) =>
        Responses.Ok(await diagnosis.RunAsync(fix: false, cancellationToken));

    /// <summary>Does the same; with <c>{"fix": true}</c> it also creates missing labels.</summary>
    [Function("DoctorFix")]
    public async Task<IActionResult> FixAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "doctor")] HttpRequest request, CancellationToken cancellationToken)
    {
        DoctorRequest body = await JsonBody.ReadAsync(request, ContractJson.Default.Of<DoctorRequest>(), cancellationToken);
        return Responses.Ok(await diagnosis.RunAsync(body.Fix, cancellationToken));
    }
}
