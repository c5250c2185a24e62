using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>The application's flags as read at one time. A run decides from one snapshot only.</summary>
public sealed record FlagSnapshot
{
    private readonly IReadOnlyList<string> _unnamed;

    /// <param name="unnamed">Problems of store entries that have no flag name.</param>
    public FlagSnapshot(IEnumerable<StoredFlag> flags, DateTimeOffset readAt, IReadOnlyList<string>? unnamed = null)
    {
        _unnamed = unnamed ?? [];
        Flags =
        [
            .. flags.Where(f => FlagNames.All.Contains(f.Name))
                .GroupBy(f => f.Name, StringComparer.Ordinal)
                .Select(g => g.Count() == 1 ? g.First() : g.First().Reject($"exists {g.Count()} times"))
                .OrderBy(f => f.Name, StringComparer.Ordinal),
        ];
        ReadAt = readAt;

        // The problem is part of the revision: a second flag of the same name, for example, changes decisions but not the JSON.
        string text = string.Concat(Flags.Select(f => $"{f.Name}\n{f.Json}{f.Problem}\n"));
        Revision = Flags.Count == 0 ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    /// <summary>No flags were ever read: every flag is off.</summary>
    public static FlagSnapshot None { get; } = new([], DateTimeOffset.MinValue);

    public IReadOnlyList<StoredFlag> Flags { get; }

    /// <summary>When the store last confirmed these flags (UTC).</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>12 hexadecimal digits computed from the flags, the same in every store.</summary>
    public string Revision { get; }

    public IEnumerable<string> Problems => Flags.Where(f => f.Problem is not null).Select(f => $"{f.Name}: {f.Problem}").Concat(_unnamed);

    /// <summary>Missing flags; each counts as off.</summary>
    public IEnumerable<string> Missing => FlagNames.All.Where(n => Find(n) is null);

    public StoredFlag? Find(string name) => Flags.FirstOrDefault(f => f.Name == name);

    /// <summary>Returns the flag's current setting. A missing or invalid flag is off, and the setting says which.</summary>
    public FlagSetting GetSetting(string name) => Find(name)?.Setting ?? FlagSetting.Missing;
}
