using System.Text.Json.Serialization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <summary>What every step of a run is given. Stored in the run's history: small, no text of the issue, no secret.</summary>
public abstract record ActivityInput
{
    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>For a dry run the writes planned so far, which the step takes for made; null for a real run.</summary>
    public IReadOnlyList<PlannedWrite>? Planned { get; init; }

    [JsonIgnore]
    public IssueRef Ref => IssueRef.Parse(Issue);
}
