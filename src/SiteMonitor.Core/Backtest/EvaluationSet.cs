namespace SiteMonitor.Core.Backtest;

/// <summary>The built-in set of findings with their right answers, for teams that have no history of their own yet.</summary>
public static class EvaluationSet
{
    private const string Resource = "SiteMonitor.Core.Backtest.evaluation-set.jsonl";

    /// <summary>Opens the set in the form of an export.</summary>
    public static TextReader Open() => new StreamReader(
        typeof(EvaluationSet).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"The assembly has no resource {Resource}."));
}
