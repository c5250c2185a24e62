using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Login">A bot's comes without the <c>[bot]</c> that REST shows.</param>
/// <param name="Id">Asked for bots that may be assigned only.</param>
internal sealed record ActorNode([property: JsonPropertyName("__typename")] string? Type, string? Login, string? Id = null)
{
    /// <summary>The login as REST and webhooks write it.</summary>
    public string FullLogin => Type == "Bot" && Login is not null && !Login.EndsWith("[bot]", StringComparison.Ordinal) ? $"{Login}[bot]" : Login ?? string.Empty;
}
