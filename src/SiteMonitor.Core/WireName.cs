namespace SiteMonitor.Core;

/// <summary>Enumerations as contracts write them: lower case.</summary>
public static class WireName
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
