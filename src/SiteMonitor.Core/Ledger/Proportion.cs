using System.Globalization;

namespace SiteMonitor.Core.Ledger;

/// <summary>A share with its Wilson score interval at 95 %: one of six is "17 % (3 to 56 %)", not just "17 %".</summary>
/// <param name="Count">The number of cases.</param>
/// <param name="Of">The number of all.</param>
public readonly record struct Proportion(int Count, int Of)
{
    private const double Z = 1.959963984540054;

    /// <summary>The share, 0 to 1; null without data.</summary>
    public double? Share => Of == 0 ? null : (double)Count / Of;

    /// <summary>Lower end of the interval, 0 to 1.</summary>
    public double Low => Of == 0 ? 0 : Math.Max(0, Centre - Margin);

    /// <summary>Upper end of the interval, 0 to 1.</summary>
    public double High => Of == 0 ? 1 : Math.Min(1, Centre + Margin);

    private double Rate => (double)Count / Of;

    private double Centre => (Rate + (Z * Z / (2 * Of))) / (1 + (Z * Z / Of));

    private double Margin => Z * Math.Sqrt((Rate * (1 - Rate) / Of) + (Z * Z / (4.0 * Of * Of))) / (1 + (Z * Z / Of));

    /// <summary>Returns the share as text: <c>1.2 % (0.3 to 4.3 %), 2 of 165</c>.</summary>
    public override string ToString() => Of == 0
        ? "no data"
        : string.Create(CultureInfo.InvariantCulture, $"{Rate * 100:0.##} % ({Low * 100:0.#} to {High * 100:0.#} %), {Count} of {Of}");
}
