namespace SiteMonitor.Core;

/// <summary>
/// The only exceptions activities throw: of our own types, without inner exceptions (the original is logged), since retry filters ask for these types by name.
/// </summary>
/// <param name="code">Stable, kebab-case, for scripts and the ledger: <c>github-not-found</c>, <c>model-timeout</c>.</param>
/// <param name="message">What was wrong and what to do; never a secret, never issue text.</param>
public abstract class PipelineException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>No further try will succeed before somebody changes something: 404, 410, 422, bad credentials.</summary>
public sealed class PermanentFailureException(string code, string message) : PipelineException(code, message);

/// <summary>Another try may succeed: a 5xx, a time-out, a broken connection.</summary>
public sealed class TransientFailureException(string code, string message) : PipelineException(code, message);
