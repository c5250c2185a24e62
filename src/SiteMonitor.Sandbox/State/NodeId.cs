using System.Buffers.Text;
using System.Text;

namespace SiteMonitor.Sandbox.State;

/// <summary>Creates opaque GraphQL ids: a prefix for the type, then the key in base64url.</summary>
internal static class NodeId
{
    public static string Of(string prefix, string key) => prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));
}

/// <summary>The object that a GraphQL id stands for.</summary>
internal sealed record NodeKey(NodeType Type, string Repository, int Number, long Id);

internal enum NodeType
{
    Repository,
    Label,
    Issue,
    Comment,
}
