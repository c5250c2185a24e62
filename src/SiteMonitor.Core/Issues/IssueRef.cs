using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Issues;

/// <summary>Identifies an issue; written as <c>owner/name#12</c>.</summary>
public sealed record IssueRef(RepositoryRef Repository, int Number)
{
    /// <summary>The lower-case form <c>owner/name#12</c>: the user in feature-flag targeting and the key in the ledger.</summary>
    public string Canonical => $"{Repository.Canonical}#{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The id of the durable instance that works on this issue: <c>owner:name:12</c>, see <see cref="InstanceIdLimit"/>.</summary>
    public string InstanceId => InstanceIdLimit.Apply(
        $"{Repository.Owner}:{Repository.Name}:{Number.ToString(CultureInfo.InvariantCulture)}".ToLowerInvariant());

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

/// <summary>Keeps ids of durable instances within the length that Azure Storage allows.</summary>
public static class InstanceIdLimit
{
    /// <summary>Maximum length of an id, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Number of characters that are kept of a longer id.</summary>
    public const int KeptLength = 75;

    private const int HashDigits = 20;

    /// <summary>Returns the id, or where it is too long its first characters, <c>~</c> and a hash of all of it.</summary>
    public static string Apply(string id) => id.Length <= MaxLength ? id : $"{id[..KeptLength]}~{Hash(id)}";

    /// <summary>Returns the first digits of the text's SHA-256, hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
}
