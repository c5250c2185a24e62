namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>What a GraphQL id stands for.</summary>
internal sealed record NodeKey(NodeType Type, string Repository, int Number, long Id);
