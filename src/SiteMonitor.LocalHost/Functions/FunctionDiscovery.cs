using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace SiteMonitor.LocalHost.Functions;

/// <summary>Finds the functions of an assembly by their attributes, as the Functions host does from the worker's metadata.</summary>
internal static class FunctionDiscovery
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="FunctionDefinitionException">Functions cannot run as they are written; every problem is listed.</exception>
    public static IReadOnlyList<FunctionDescriptor> Discover(IEnumerable<Type> types)
    {
        List<FunctionDescriptor> functions = [];
        List<string> problems = [];
        foreach (MethodInfo method in types.Where(t => t.IsClass).SelectMany(t => t.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
            {
                continue;
            }

            if (Describe(attribute.Name, method, out string problem) is { } function)
            {
                functions.Add(function);
            }
            else
            {
                problems.Add(problem);
            }
        }

        problems.AddRange(functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {g.Count()} functions have this name ({string.Join(", ", g.Select(f => f.EntryPoint))})."));
        return problems.Count == 0
            ? [.. functions.OrderBy(f => f.Name, StringComparer.Ordinal)]
            : throw new FunctionDefinitionException(problems);
    }

    private static FunctionDescriptor? Describe(string name, MethodInfo method, out string problem)
    {
        (ParameterInfo Parameter, TriggerBindingAttribute Trigger)[] triggers =
            [.. from p in method.GetParameters()
                let t = p.GetCustomAttribute<TriggerBindingAttribute>()
                where t is not null
                select (p, t)];
        problem = triggers.Length switch
        {
            _ when !method.IsPublic => $"{name}: {method.DeclaringType}.{method.Name} must be public.",
            0 => $"{name}: {method.DeclaringType}.{method.Name} has no parameter with a trigger attribute.",
            > 1 => $"{name}: {method.DeclaringType}.{method.Name} has more than one trigger.",
            _ => string.Empty,
        };
        return problem.Length == 0 ? new FunctionDescriptor(name, method, triggers[0].Parameter, triggers[0].Trigger) : null;
    }
}

/// <summary>Functions cannot run as they are written.</summary>
internal sealed class FunctionDefinitionException(IReadOnlyList<string> problems)
    : Exception(
        $"{problems.Count} function(s) cannot be " +
            $"run:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(f => "  " + f))}")
{
    /// <summary>One sentence per problem, starting with the function's name.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>A method with <c>[Function]</c> and its trigger parameter.</summary>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    /// <summary>Full name of the method, for messages.</summary>
    public string EntryPoint { get; } = $"{Method.DeclaringType!.FullName}.{Method.Name}";
}
