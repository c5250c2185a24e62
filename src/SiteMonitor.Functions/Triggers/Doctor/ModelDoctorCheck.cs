using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Checks that the model answers in our schema. Costs one short question; a repeated check is answered from the cache.</summary>
internal sealed class ModelDoctorCheck(IAnalysisModel model, SpecialistCatalogue catalogue) : IDoctorCheck
{
    private static readonly AnalysisText Question =
        new("New malware campaign", [], "A threat actor runs a campaign with new malware against an operator.");

    public string Name => "model";

    public int Order => 90;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        CallResult<ModelResult> result = await model.AnalyzeAsync(Question, catalogue, cancellationToken);
        return result.Value switch
        {
            null when result.IsModelOutage =>
                [Finding.Failure($"The model is down; the next probe is sent at {result.RetryAt:u}.",
                    "Check the Azure OpenAI resource, AzureOpenAI:Endpoint and the network.")],
            null =>
                [Finding.Warning($"A rate limit of the model prevents questions until {result.RetryAt:u}.",
                    "Raise the deployment's tokens per minute.")],
            { Analysis: not null } =>
                [Finding.Ok(FormattableString.Invariant(
                    $"The model answered in our schema in {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms."))],
            var unusable =>
            [
                Finding.Failure(
                    $"The model gave no usable answer: {unusable.Detail}",
                    "Check that the model of AzureOpenAI:Deployment supports structured outputs, and check AzureOpenAI:ReasoningModel."),
            ],
        };
    }
}
