using System.Collections.Immutable;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>What a write brings.</summary>
internal sealed record KeyValueContent(string? Value, string? ContentType, ImmutableSortedDictionary<string, string> Tags)
{
    public KeyValueContent(string? value, string? contentType = null)
        : this(value, contentType, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
    {
    }
}
