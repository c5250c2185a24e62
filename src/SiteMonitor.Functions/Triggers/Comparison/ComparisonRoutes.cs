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

/// <summary>Shows how both sides' decisions differ, and compares a sample of existing issues.</summary>
public sealed class ComparisonRoutes(IComparisonLog log, RolloutStateRepository states, ComparisonSample sample)
{
    private static readonly JsonTypeInfo<SampleRequest> SampleType =
        (JsonTypeInfo<SampleRequest>)RolloutJson.Options.GetTypeInfo(typeof(SampleRequest));

    /// <summary>Shows the comparisons since the phase's evidence began, or since <c>?from=</c>; <c>?format=</c> json, md or text.</summary>
    [Function("ComparisonShow")]
    public async Task<IActionResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "comparison")] HttpRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset from = (await states.ReadAsync(cancellationToken)).State.EvidenceFrom;
        if (request.Query["from"].ToString() is { Length: > 0 } text
            && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
        {
            return Responses.BadRequest(
                "The comparisons were not read.", ["from: must be a date such as 2026-11-02 or 2026-11-02T08:00Z."]);
        }

        ConsistencyReport report = ConsistencyReport.Create(await log.QueryAsync(from, cancellationToken));
        return request.Query["format"].ToString() switch
        {
            "" or "json" => Responses.Text(ConsistencyFormatter.ToJson(report), "application/json"),
            "md" => Responses.Text(ConsistencyFormatter.ToMarkdown(report), "text/markdown"),
            "text" => Responses.Text(ConsistencyFormatter.ToTable(report), "text/plain"),
            _ => Responses.BadRequest("The comparisons were not read.", ["format: must be json, md or text."]),
        };
    }

    /// <summary>
    /// Compares a sample of existing issues, for a minute at most. When the response says <c>more</c>, ask again for what is
    /// <c>missing</c>,
    /// with <c>skip</c> set to <c>seen</c>.
    /// </summary>
    [Function("ComparisonTake")]
    public async Task<IActionResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "comparison")] HttpRequest request, CancellationToken cancellationToken)
    {
        SampleRequest body = await JsonBody.ReadAsync(request, SampleType, cancellationToken);
        RepositoryRef? repository = null;
        List<string> errors = [];
        if (body.Repository.Length > 0 && !RepositoryRef.TryParse(body.Repository, out repository))
        {
            errors.Add("repository: must be owner/name.");
        }

        if (body.Sample is < 1 or > SampleRequest.MaxSample)
        {
            errors.Add($"sample: must be a number from 1 to {SampleRequest.MaxSample}.");
        }

        return errors.Count > 0
            ? Responses.BadRequest("Nothing was compared.", errors)
            : Responses.RolloutJson(await sample.TakeAsync(body, repository is null ? [] : [repository], cancellationToken));
    }
}
