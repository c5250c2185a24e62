using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Finds the names in an issue that was assigned before: from the cached analysis, else by asking the model.
/// A run asks only once about a text to which the model gives no answer, although its activity may be called many times.
/// </summary>
public sealed class NameFinder(IAnalysisModel model, IAnalysisCache cache, PlanContext context)
{
    /// <param name="requestId">The id of the run's start; if empty, it is not remembered that there was no answer.</param>
    /// <returns>Without names when the model gives no answer now: the guidance then has none, and nothing waits for them.</returns>
    public async Task<FoundNames> FindAsync(string requestId, IssueSnapshot issue, CancellationToken cancellationToken)
    {
        string unansweredKey = $"unanswered-{requestId}-{InputHash.ComputeText(issue, context.Markers)}";
        if (requestId.Length > 0 && await cache.FindAsync(unansweredKey, cancellationToken) is not null)
        {
            return new FoundNames(null, IsModelAsked: false);
        }

        CallResult<ModelResult>? asked = await AskAsync(issue, cancellationToken);
        if (requestId.Length > 0 && asked is null or { Value.Analysis: null, IsRateLimited: false })
        {
            await cache.StoreAsync(unansweredKey, "{}", cancellationToken);
        }

        return new FoundNames(asked?.Value?.Analysis?.Names, IsModelAsked: asked?.Value is not { IsCached: true });
    }

    /// <returns>Null if the model failed.</returns>
    private async Task<CallResult<ModelResult>?> AskAsync(IssueSnapshot issue, CancellationToken cancellationToken)
    {
        try
        {
            AnalysisText text = AnalysisTextSelector.BeforeAssignment(issue, context.Catalogue, context.Markers);
            return await model.AnalyzeAsync(text, context.Catalogue, cancellationToken);
        }
        catch (PipelineException)
        {
            return null;
        }
    }
}

/// <summary>The names that the model quoted from an issue.</summary>
/// <param name="Names">Null when there is no answer.</param>
/// <param name="IsModelAsked">Whether the model was asked, which may have taken more than a minute.</param>
public sealed record FoundNames(NamedEntities? Names, bool IsModelAsked);
