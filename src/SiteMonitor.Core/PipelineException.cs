namespace SiteMonitor.Core;

/// <summary>
/// The base of the exceptions that activities throw. They have no inner exception (the original is logged), since retry policies
/// recognize them by the name of their type.
/// </summary>
/// <param name="code">Stable code for scripts and the ledger, kebab-case: <c>github-not-found</c>, <c>model-timeout</c>.</param>
/// <param name="message">What was wrong and what to do, without secrets and text of the issue.</param>
public abstract class PipelineException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>A failure that a retry cannot fix: 404, 410, 422, bad credentials.</summary>
public sealed class PermanentFailureException(string code, string message) : PipelineException(code, message);

/// <summary>A failure that a retry may fix: a 5xx, a timeout, a broken connection.</summary>
public sealed class TransientFailureException(string code, string message) : PipelineException(code, message);
