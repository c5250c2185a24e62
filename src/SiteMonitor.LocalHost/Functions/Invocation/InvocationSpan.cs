using System.Diagnostics;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Starts an invocation's span, as the Functions worker does in Azure. Activities get spans from the durable engine.</summary>
internal static class InvocationSpan
{
    /// <summary>The source of the worker's spans, so that the same registration collects those of both hosts.</summary>
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    /// <summary>Starts a trace. The caller's <c>traceparent</c> is ignored, so that callers cannot choose a run's trace.</summary>
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
