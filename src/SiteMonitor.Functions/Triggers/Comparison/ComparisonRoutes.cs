using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Comparison;

/// <summary>Shows how both sides' decisions compare, and takes a sample of existing issues.</summary>
public sealed class ComparisonRoutes(HttpErrorHandler guarded, IComparisonLog log, RolloutStates states, ComparisonSample sample)
{
    private static readonly JsonTypeInfo<SampleRequest> SampleType = (JsonTypeInfo<SampleRequest>)RolloutJson.Options.GetTypeInfo(typeof(SampleRequest));

    /// <summary>Since the phase's evidence began, or <c>?from=</c>; <c>?format=</c> json, md or text.</summary>
    [Function("ComparisonShow")]
    public Task<IActionResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "comparison")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            string asked = request.Query["from"].ToString();
            DateTimeOffset from = (await states.ReadAsync(cancellationToken)).State.EvidenceFrom;
            if (asked.Length > 0 && !DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
            {
                return Responses.BadRequest("Since when?", ["from: expected a date such as 2026-11-02 or 2026-11-02T08:00Z."]);
            }

            var report = ConsistencyReport.Create(await log.QueryAsync(from, cancellationToken));
            return request.Query["format"].ToString() switch
            {
                "" or "json" => RolloutResponses.Text(ConsistencyFormatter.ToJson(report), "application/json"),
                "md" => RolloutResponses.Text(ConsistencyFormatter.ToMarkdown(report), "text/markdown"),
                "text" => RolloutResponses.Text(ConsistencyFormatter.ToTable(report), "text/plain"),
                _ => Responses.BadRequest("Which format?", ["format: json, md or text."]),
            };
        });

    /// <summary>Takes a sample of existing issues, for a minute at most: <c>more</c> in the answer says to ask again for what is <c>missing</c>, with <c>skip</c> set to the answer's <c>seen</c>.</summary>
    [Function("ComparisonTake")]
    public Task<IActionResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "comparison")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            SampleRequest wanted = await JsonBody.ReadAsync(request, SampleType, cancellationToken);
            RepositoryRef? repository = null;
            List<string> errors = [];
            if (wanted.Repository.Length > 0 && !RepositoryRef.TryParse(wanted.Repository, out repository))
            {
                errors.Add("repository: expected owner/name.");
            }

            if (wanted.Sample is < 1 or > SampleRequest.MaxSample)
            {
                errors.Add($"sample: expected a number from 1 to {SampleRequest.MaxSample}.");
            }

            return errors.Count > 0
                ? Responses.BadRequest("The sample cannot be taken like that.", errors)
                : RolloutResponses.Json(await sample.TakeAsync(wanted, repository is null ? [] : [repository], cancellationToken));
        });
}
