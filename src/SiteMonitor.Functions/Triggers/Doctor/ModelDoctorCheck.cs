using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Whether the model answers a question in our schema. Costs one short question; the same one is answered from the cache.</summary>
internal sealed class ModelDoctorCheck(IAnalysisModel model, SpecialistCatalogue catalogue) : IDoctorCheck
{
    private static readonly AnalysisText Question = new("New malware campaign", [], "A threat actor runs a campaign with new malware against an operator.");

    public string Name => "model";

    public int Order => 90;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        CallResult<ModelResult> result = await model.AnalyzeAsync(Question, catalogue, cancellationToken);
        return result.Value switch
        {
            null => [Finding.Warning($"A rate limit of the model bars questions until {result.RetryAt:u}.", "Raise the deployment's tokens a minute.")],
            { Analysis: not null } => [Finding.Ok(FormattableString.Invariant($"The model answered in our schema in {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms."))],
            var reply => [Finding.Failure($"The model gave no usable answer: {reply.Detail}", "Check that AzureOpenAI:Deployment is of a model with structured outputs, and AzureOpenAI:ReasoningModel.")],
        };
    }
}
