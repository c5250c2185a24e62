using System.Text.RegularExpressions;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Reads a Bicep file as text, so that structural tests run without a compiler.</summary>
internal sealed partial class BicepFile
{
    public BicepFile(string path)
    {
        Path = path;
        Text = File.ReadAllText(path);
        Parameters = [.. ParameterPattern().Matches(Text).Select(m => new BicepParameter(m.Groups[1].Value, m.Groups[3].Success))];
        Outputs = [.. OutputPattern().Matches(Text).Select(m => m.Groups[1].Value)];
        Modules = [.. ModulePattern().Matches(Text).Select(m => Module(m))];
    }

    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<BicepParameter> Parameters { get; }

    public IReadOnlyList<string> Outputs { get; }

    public IReadOnlyList<BicepModule> Modules { get; }

    /// <summary>Module outputs that this file uses: symbol and output name.</summary>
    public IEnumerable<(string Module, string Output)> OutputUses =>
        OutputUsePattern().Matches(Text).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    private BicepModule Module(Match match)
    {
        int start = Text.IndexOf("params: {", match.Index, StringComparison.Ordinal);
        string block = Text[start..Text.IndexOf("\n  }", start, StringComparison.Ordinal)];
        return new BicepModule(match.Groups[1].Value, match.Groups[2].Value, [.. ArgumentPattern().Matches(block).Select(m => m.Groups[1].Value)]);
    }

    [GeneratedRegex(@"^param\s+(\w+)\s+(\w+)(\s*=)?", RegexOptions.Multiline)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^output\s+(\w+)\s+\w+\s*=", RegexOptions.Multiline)]
    private static partial Regex OutputPattern();

    [GeneratedRegex(@"^module\s+(\w+)\s+'([^']+)'", RegexOptions.Multiline)]
    private static partial Regex ModulePattern();

    [GeneratedRegex(@"^    (\w+):", RegexOptions.Multiline)]
    private static partial Regex ArgumentPattern();

    [GeneratedRegex(@"\b(\w+)!?\.outputs\.(\w+)")]
    private static partial Regex OutputUsePattern();
}

internal sealed record BicepModule(string Symbol, string Path, IReadOnlyList<string> Arguments);

internal sealed record BicepParameter(string Name, bool HasDefault);
