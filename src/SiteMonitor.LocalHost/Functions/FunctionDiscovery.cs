using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace SiteMonitor.LocalHost.Functions;

/// <summary>Finds the functions of an assembly by their attributes, as the Functions host does from the worker's metadata.</summary>
internal static class FunctionDiscovery
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="FunctionDefinitionException">A function cannot be run as it is written; every fault is named.</exception>
    public static IReadOnlyList<FunctionDescriptor> Discover(IEnumerable<Type> types)
    {
        List<FunctionDescriptor> functions = [];
        List<string> faults = [];
        foreach (MethodInfo method in types.Where(t => t.IsClass).SelectMany(t => t.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
            {
                continue;
            }

            if (Describe(attribute.Name, method, out string fault) is { } function)
            {
                functions.Add(function);
            }
            else
            {
                faults.Add(fault);
            }
        }

        faults.AddRange(functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {g.Count()} functions have this name ({string.Join(", ", g.Select(f => f.EntryPoint))})."));
        return faults.Count == 0 ? [.. functions.OrderBy(f => f.Name, StringComparer.Ordinal)] : throw new FunctionDefinitionException(faults);
    }

    private static FunctionDescriptor? Describe(string name, MethodInfo method, out string fault)
    {
        (ParameterInfo Parameter, TriggerBindingAttribute Trigger)[] triggers =
            [.. from p in method.GetParameters()
                let t = p.GetCustomAttribute<TriggerBindingAttribute>()
                where t is not null
                select (p, t)];
        fault = triggers.Length switch
        {
            _ when !method.IsPublic => $"{name}: {method.DeclaringType}.{method.Name} must be public.",
            0 => $"{name}: {method.DeclaringType}.{method.Name} has no parameter with a trigger attribute.",
            > 1 => $"{name}: {method.DeclaringType}.{method.Name} has more than one trigger.",
            _ => string.Empty,
        };
        return fault.Length == 0 ? new FunctionDescriptor(name, method, triggers[0].Parameter, triggers[0].Trigger) : null;
    }
}

/// <summary>Functions that cannot be run as they are written.</summary>
internal sealed class FunctionDefinitionException(IReadOnlyList<string> faults)
    : Exception($"{faults.Count} function(s) cannot be run:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(f => "  " + f))}")
{
    /// <summary>One sentence for each fault, starting with the function's name.</summary>
    public IReadOnlyList<string> Problems { get; } = faults;
}

/// <summary>A method with <c>[Function]</c> and the parameter that carries its trigger.</summary>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    /// <summary>Full name of the method, for messages.</summary>
    public string EntryPoint { get; } = $"{Method.DeclaringType!.FullName}.{Method.Name}";
}
