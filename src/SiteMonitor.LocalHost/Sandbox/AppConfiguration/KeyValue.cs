using System.Collections.Immutable;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>One entry of the store.</summary>
/// <param name="Label">Null: none.</param>
/// <param name="ETag">Without quotes; another one after each change.</param>
internal sealed record KeyValue(
    string Key,
    string? Label,
    string? Value,
    string? ContentType,
    ImmutableSortedDictionary<string, string> Tags,
    string ETag,
    DateTimeOffset LastModified,
    bool Locked)
{
    /// <summary>Whether these are the same as the other's, so that a write changes nothing.</summary>
    public bool HasContent(KeyValueContent content) =>
        (Value, ContentType) == (content.Value, content.ContentType) && Tags.SequenceEqual(content.Tags);
}
