namespace SiteMonitor.Core;

/// <summary>Writes enumerations as contracts have them: in lower case.</summary>
public static class WireName
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
