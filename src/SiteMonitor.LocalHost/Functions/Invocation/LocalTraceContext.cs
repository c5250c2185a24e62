using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>The W3C trace context of the activity an invocation runs in; empty when nobody traces.</summary>
internal sealed class LocalTraceContext(Activity? activity) : TraceContext
{
    public override string TraceParent { get; } = activity?.Id ?? string.Empty;

    public override string TraceState { get; } = activity?.TraceStateString ?? string.Empty;
}
