using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Settings;

/// <summary>The repositories that SiteMonitor works on: those in <c>GitHub:Repositories</c>, or any when that setting is empty.</summary>
public sealed class RepositoryScope(IOptions<GitHubOptions> options)
{
    public IReadOnlyList<RepositoryRef> Configured { get; } = [.. options.Value.Repositories.Select(RepositoryRef.Parse)];

    public bool Includes(RepositoryRef repository) => Configured.Count == 0 || Configured.Contains(repository);
}
