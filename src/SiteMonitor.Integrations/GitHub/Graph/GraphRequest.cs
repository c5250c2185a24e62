using System.Text.Json.Nodes;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Query">One of <see cref="GraphDocuments"/>: never holds anything but constants of ours.</param>
/// <param name="Variables">All values, people's text too.</param>
internal sealed record GraphRequest(string Query, JsonObject Variables);
