using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal sealed record MutationResult(object Value, Account Actor, string? ClientMutationId);
