using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Settings;

/// <summary>The repositories that SiteMonitor works on: those in <c>GitHub:Repositories</c>, or any when that setting is empty.</summary>
public sealed class RepositoryScope(IOptions<GitHubOptions> options, RepositoryNames names)
{
    private readonly RepositoryRef[] _named = [.. options.Value.Repositories.Select(RepositoryRef.Parse)];

    /// <summary>The keys of the configured repositories, whichever of their names the setting has.</summary>
    public IReadOnlyList<RepositoryRef> Configured => [.. _named.Select(names.FindKey)];

    /// <param name="repository">A repository's key or name.</param>
    public bool Includes(RepositoryRef repository) =>
        _named.Length == 0 || _named.Contains(repository) || Configured.Contains(repository);
}
