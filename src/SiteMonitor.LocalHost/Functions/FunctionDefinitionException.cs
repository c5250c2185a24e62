namespace SiteMonitor.LocalHost.Functions;

/// <summary>Functions that cannot be run as they are written.</summary>
internal sealed class FunctionDefinitionException(IReadOnlyList<string> faults)
    : Exception($"{faults.Count} function(s) cannot be run:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(f => "  " + f))}")
{
    /// <summary>One sentence for each fault, starting with the function's name.</summary>
    public IReadOnlyList<string> Problems { get; } = faults;
}
