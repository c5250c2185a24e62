using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>The model that reads an issue. Same text, same catalogue, same model: answered from the cache, without a call. Failures as in <see cref="Issues.IIssueTracker"/>.</summary>
public interface IAnalysisModel
{
    Task<CallResult<ModelResult>> AnalyzeAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken);
}
