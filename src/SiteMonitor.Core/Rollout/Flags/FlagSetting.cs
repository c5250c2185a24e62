using System.Globalization;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>The part of a flag that the rollout sets. The rest (repositories, time windows, descriptions) is the team's.</summary>
public sealed record FlagSetting
{
    public required bool Enabled { get; init; }

    /// <summary>Default percentage of the targeting filter; null if the rollout does not set it.</summary>
    public double? Percentage { get; init; }

    /// <summary>Labels of the issue filter, sorted; null if the rollout does not set them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The variant when enabled; null if the flag has none.</summary>
    public string? Variant { get; init; }

    /// <summary>What makes the flag behave differently: an unknown filter, or requirement type <c>All</c>; otherwise empty.</summary>
    [JsonPropertyName("oddity")] public string Mismatch { get; init; } = string.Empty;

    public static FlagSetting On { get; } = new() { Enabled = true };

    public static FlagSetting Off { get; } = new() { Enabled = false };

    /// <summary>Whether the flag is off because it is invalid, rather than switched off.</summary>
    public static FlagSetting Broken(string problem) => new() { Enabled = false, Mismatch = problem.Split(';')[0] };

    /// <summary>Whether the flag is off because it is missing, rather than switched off.</summary>
    public static FlagSetting Missing { get; } = new() { Enabled = false, Mismatch = "missing" };

    public static FlagSetting Switch(bool on) => on ? On : Off;

    /// <summary>The setting of <see cref="FlagNames.LegacyCommands"/>, which is always on.</summary>
    public static FlagSetting Of(LegacyCommandMode mode) => new() { Enabled = true, Variant = WireName.Of(mode) };

    /// <summary>A flag that is off equals any other that is off.</summary>
    public bool Equals(FlagSetting? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Display text: <c>off</c>, <c>on</c>, <c>label beta-test + 20 %</c>, <c>deprecated</c>.</summary>
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

/// <summary>The value that one flag should have.</summary>
public sealed record FlagTarget(string Flag, FlagSetting Setting);
