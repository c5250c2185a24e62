namespace SiteMonitor.Core.Failures;

/// <summary>Another try may succeed: a 5xx, a time-out, a broken connection.</summary>
public sealed class TransientFailureException(string code, string message) : PipelineException(code, message);
