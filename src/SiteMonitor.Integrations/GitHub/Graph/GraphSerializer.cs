using System.Text.Json;
using Octokit.Internal;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>Lets Octokit's connection read GraphQL answers with System.Text.Json: Octokit's own serializer expects the names of the REST API.</summary>
internal sealed class GraphSerializer : IJsonSerializer
{
    public string Serialize(object item) => JsonSerializer.Serialize(item, item.GetType(), GraphJson.Default);

    public T Deserialize<T>(string json) => (T)JsonSerializer.Deserialize(json, typeof(T), GraphJson.Default)!;
}
