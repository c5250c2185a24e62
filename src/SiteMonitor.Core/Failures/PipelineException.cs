namespace SiteMonitor.Core.Failures;

/// <summary>
/// The only exceptions activities throw: of our own types, without inner exceptions (the original is logged), since retry filters ask for these types by name.
/// </summary>
/// <param name="code">Stable, kebab-case, for scripts and the ledger: <c>github-not-found</c>, <c>model-timeout</c>.</param>
/// <param name="message">What was wrong and what to do; never a secret, never issue text.</param>
public abstract class PipelineException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
