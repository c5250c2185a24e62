using Azure.Identity;
using SiteMonitor.Core;
using SiteMonitor.Integrations.OpenAI;

namespace SiteMonitor.Tests.Integrations.OpenAI;

public sealed class ModelFailuresTests
{
    [Fact]
    public void A_Missing_Identity_Is_Permanent_And_Says_What_To_Set()
    {
        PipelineException failure = ModelFailures.From(new CredentialUnavailableException("no identity here"));
        Assert.IsType<PermanentFailureException>(failure);
        Assert.Equal("model-sign-in", failure.Code);
        Assert.Contains("AzureOpenAI:ClientId", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public void All_Tries_Timing_Out_Is_A_Time_Out() =>
        Assert.Equal("model-timeout", ModelFailures.From(new AggregateException(new TaskCanceledException(), new TaskCanceledException())).Code);
}
