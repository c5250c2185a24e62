namespace SiteMonitor.Core.Reporting;

/// <summary>The targets of PRODUCT 7, which are the plan's and, for calls to GitHub, our own.</summary>
public static class Targets
{
    public const double SuccessRate = 0.95;
    public const double MeanSeconds = 30;
    public const double DollarsPerIssue = 0.05;
    public const double ErrorRate = 0.01;
    public const double Uptime = 0.995;
    public const double MeanOverFullCutover = 0.8;
    public const double GitHubCalls = 6;
    public const double GitHubWrites = 4;
}
