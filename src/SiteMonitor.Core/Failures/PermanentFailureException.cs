namespace SiteMonitor.Core.Failures;

/// <summary>No further try will succeed before somebody changes something: 404, 410, 422, bad credentials.</summary>
public sealed class PermanentFailureException(string code, string message) : PipelineException(code, message);
