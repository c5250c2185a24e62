namespace SiteMonitor.Functions.Comparing;

/// <summary>How long one request for a sample may take. Azure's front end gives up after 230 s and most clients after 100 s; an issue costs a read and a model call.</summary>
/// <param name="Begin">No issue is begun after so long.</param>
/// <param name="End">An issue that is not done by then is given up.</param>
public sealed record SampleTimeLimits(TimeSpan Begin, TimeSpan End)
{
    public static SampleTimeLimits Default { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
}
