using GraphQL.Types;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>GitHub's <c>URI</c>, plain text here.</summary>
internal sealed class UriScalar : StringGraphType
{
    public UriScalar() => Name = "URI";
}
