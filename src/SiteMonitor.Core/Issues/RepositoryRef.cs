using System.Diagnostics.CodeAnalysis;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Identifies a GitHub repository as it was written; compare and store <see cref="Canonical"/>, since GitHub ignores case.
/// </summary>
public sealed record RepositoryRef(string Owner, string Name)
{
    public string Canonical { get; } = $"{Owner}/{Name}".ToLowerInvariant();

    /// <summary>Parses <c>owner/name</c>.</summary>
    /// <remarks>
    /// An owner has at most 39 letters, digits and hyphens; a name at most 100 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>,
    /// and is neither <c>.</c> nor <c>..</c>.
    /// </remarks>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryRef? repository)
    {
        repository = text?.Split('/') is [var owner, var name] && IsOwner(owner) && IsName(name) ? new RepositoryRef(owner, name) : null;
        return repository is not null;
    }

    public static RepositoryRef Parse(string text) =>
        TryParse(text, out RepositoryRef? repository)
            ? repository
            : throw new FormatException($"'{text}' is not a repository: write owner/name.");

    public bool Equals(RepositoryRef? other) => other is not null && Canonical == other.Canonical;

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Owner}/{Name}";

    // Enterprise Managed Users have an underscore in their login.
    private static bool IsOwner(string owner) =>
        owner is { Length: > 0 and <= 39 } && owner.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && owner[0] != '-';

    private static bool IsName(string name) =>
        name is { Length: > 0 and <= 100 } and not "." and not ".."
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
