namespace SiteMonitor.Functions.Activities;

/// <param name="Stage">auto, analysis, preparation or all.</param>
public sealed record ReadIssueInput(string Stage) : ActivityInput;
