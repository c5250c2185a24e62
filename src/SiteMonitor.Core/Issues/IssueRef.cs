using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Issues;

/// <summary>One issue; prints as <c>owner/name#12</c>.</summary>
public sealed record IssueRef(RepositoryRef Repository, int Number)
{
    private const int MaxInstanceIdLength = 100;

    /// <summary>The lower-case form <c>owner/name#12</c>: the user of feature-flag targeting and the key of the ledger.</summary>
    public string Canonical => $"{Repository.Canonical}#{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The durable instance that works on this issue: <c>owner:name:12</c>; past 100 characters the first 75, <c>~</c>, and 20 hexadecimal digits of the whole's SHA-256.</summary>
    public string InstanceId
    {
        get
        {
            string id = $"{Repository.Owner}:{Repository.Name}:{Number.ToString(CultureInfo.InvariantCulture)}".ToLowerInvariant();
            return id.Length <= MaxInstanceIdLength ? id : $"{id[..75]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..20]}";
        }
    }

    /// <summary>Parses <c>owner/name#12</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IssueRef? issue)
    {
        issue = text?.Split('#') is [var repository, var number]
            && RepositoryRef.TryParse(repository, out RepositoryRef? parsed)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
                ? new IssueRef(parsed, n)
                : null;
        return issue is not null;
    }

    public static IssueRef Parse(string text) =>
        TryParse(text, out IssueRef? issue) ? issue : throw new FormatException($"'{text}' is not an issue: write owner/name#12.");

    public override string ToString() => $"{Repository}#{Number.ToString(CultureInfo.InvariantCulture)}";
}
