using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>Adds a lesson learned or an actual value to the report, or removes one.</summary>
public sealed class AddReportNote(ReportNotes notes)
{
    private static readonly JsonTypeInfo<ReportNoteRequest> RequestType =
        (JsonTypeInfo<ReportNoteRequest>)RolloutJson.Options.GetTypeInfo(typeof(ReportNoteRequest));

    [Function(nameof(AddReportNote))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "report/notes")] HttpRequest request, CancellationToken cancellationToken) =>
        Responses.From(await notes.ApplyAsync(await JsonBody.ReadAsync(request, RequestType, cancellationToken), cancellationToken));
}
