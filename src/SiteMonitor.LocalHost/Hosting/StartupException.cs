using System.Globalization;
using DurableTask.Sqlite.Storage;
using Microsoft.AspNetCore.Connections;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.LocalHost.Functions;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Reasons why the host does not start; each message says what is wrong, where, and what to do.</summary>
internal sealed class StartupException(params IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>Distinguishes failures that a user can fix from defects of the program.</summary>
internal static class StartupProblems
{
    /// <returns>Null for a defect of the program.</returns>
    public static StartupException? ToStartupException(Exception failure, HostArguments arguments) => failure switch
    {
        StartupException known => known,
        SettingsException settings => new StartupException([.. settings.Problems]),
        FunctionDefinitionException functions => new StartupException([.. functions.Problems]),
        DatabaseInUseException => new StartupException(failure.Message),
        SchemaException => new StartupException($"{failure.Message} With the sandbox, --fresh starts over."),
        IOException { InnerException: AddressInUseException } => new StartupException(string.Create(
            CultureInfo.InvariantCulture,
            $"Port {arguments.Port} is in use. Stop what listens there, or pass another one with --port (0 selects a free one).")),
        _ => null,
    };
}
