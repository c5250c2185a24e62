using System.Diagnostics;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Starts the span of an invocation, as the Functions worker does in Azure. Activities have the durable engine's.</summary>
internal static class InvocationSpan
{
    /// <summary>The source of the worker's spans, so that the same registration collects those of both hosts.</summary>
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    /// <summary>Starts a trace. It does not follow the caller's <c>traceparent</c>: nobody outside chooses what a run is traced under.</summary>
    /// <returns>Null when nothing is traced.</returns>
    public static Activity? Start(LocalFunctionContext context, string trigger, ActivityKind kind)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        return Source.StartActivity($"function {context.FunctionDefinition.Name}", kind)?
            .SetTag("faas.name", context.FunctionDefinition.Name)
            .SetTag("faas.invocation_id", context.InvocationId)
            .SetTag("faas.trigger", trigger);
    }
}
