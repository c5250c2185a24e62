using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace SiteMonitor.LocalHost.Functions;

/// <summary>A method with <c>[Function]</c> and the parameter that carries its trigger.</summary>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    /// <summary>Full name of the method, for messages.</summary>
    public string EntryPoint { get; } = $"{Method.DeclaringType!.FullName}.{Method.Name}";
}
