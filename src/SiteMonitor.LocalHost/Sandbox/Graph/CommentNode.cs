using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal sealed record CommentNode(SimulatedIssue Issue, SimulatedComment Comment);
