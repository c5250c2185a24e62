using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Looks at everything the application needs and says what to do.</summary>
public sealed class RunDoctor(HttpErrorHandler guarded, DoctorRunner diagnosis)
{
    /// <summary>Looks at everything the application needs, with its own credentials; changes nothing. Always 200: the findings say what is wrong.</summary>
    [Function("DoctorLook")]
    public Task<IActionResult> LookAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "doctor")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () => Responses.Ok(await diagnosis.RunAsync(fix: false, cancellationToken)));

    /// <summary>The same; with <c>{"fix": true}</c> labels that are missing are created.</summary>
    [Function("DoctorFix")]
    public Task<IActionResult> FixAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "doctor")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            DoctorRequest body = await JsonBody.ReadAsync(request, ContractJson.Default.Of<DoctorRequest>(), cancellationToken);
            return Responses.Ok(await diagnosis.RunAsync(body.Fix, cancellationToken));
        });
}
