using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Settings;

/// <summary>The repositories we work on: those of <c>GitHub:Repositories</c>, or any when that is not set.</summary>
public sealed class RepositoryScope(IOptions<GitHubOptions> options)
{
    public IReadOnlyList<RepositoryRef> Configured { get; } = [.. options.Value.Repositories.Select(RepositoryRef.Parse)];

    public bool Includes(RepositoryRef repository) => Configured.Count == 0 || Configured.Contains(repository);
}
