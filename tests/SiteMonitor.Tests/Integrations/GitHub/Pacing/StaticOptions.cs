using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

internal sealed class StaticOptions(GitHubOptions options) : IOptionsMonitor<GitHubOptions>
{
    public GitHubOptions CurrentValue { get; } = options;

    public GitHubOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<GitHubOptions, string?> listener) => null;
}
