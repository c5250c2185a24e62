using System.Globalization;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>
/// The part of a flag that the rollout sets. Everything else in it (named repositories and issues, time windows, descriptions) is the
/// team's own and stays as it is.
/// </summary>
public sealed record FlagSetting
{
    public required bool Enabled { get; init; }

    /// <summary>Targeting's default percentage; null where the rollout does not set one.</summary>
    public double? Percentage { get; init; }

    /// <summary>Labels of the issue filter, sorted; null where the rollout does not set them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The variant when enabled; null where the flag has none.</summary>
    public string? Variant { get; init; }

    /// <summary>
    /// What keeps the flag from doing what the rest says: a foreign filter, requirement type All; empty when nothing does.
    /// </summary>
    [JsonPropertyName("oddity")] public string Mismatch { get; init; } = string.Empty;

    public static FlagSetting On { get; } = new() { Enabled = true };

    public static FlagSetting Off { get; } = new() { Enabled = false };

    /// <summary>The flag counts as off because of what is wrong with it; nobody has switched it off.</summary>
    public static FlagSetting Broken(string problem) => new() { Enabled = false, Mismatch = problem.Split(';')[0] };

    /// <summary>The flag is not there, so it counts as off; nobody has switched it off either.</summary>
    public static FlagSetting Missing { get; } = new() { Enabled = false, Mismatch = "missing" };

    public static FlagSetting Switch(bool on) => on ? On : Off;

    /// <summary>Off is off, whatever else the flag says.</summary>
    public bool Equals(FlagSetting? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>For people: <c>off</c>, <c>on</c>, <c>label beta-test + 20 %</c>, <c>deprecated</c>.</summary>
    public override string ToString()
    {
        if (!Enabled)
        {
            return Mismatch.Length == 0 ? "off" : $"off, {Mismatch}";
        }

        string[] parts =
        [
            .. Labels is { Count: > 0 } labels ? [$"label {string.Join("/", labels)}"] : Array.Empty<string>(),
            .. Percentage is { } p && (p > 0 || Labels is null or { Count: 0 })
                ? [string.Create(CultureInfo.InvariantCulture, $"{p:0.##} %")]
                : Array.Empty<string>(),
            .. Variant is { } variant ? [variant] : Array.Empty<string>(),
        ];
        string text = parts.Length == 0 ? "on" : string.Join(" + ", parts);
        return Mismatch.Length == 0 ? text : $"{text}, {Mismatch}";
    }
}

/// <summary>What one flag should say.</summary>
public sealed record FlagTarget(string Flag, FlagSetting Setting);
