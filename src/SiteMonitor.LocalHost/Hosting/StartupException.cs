using System.Globalization;
using System.Net.Sockets;
using DurableTask.Sqlite.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
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
        SocketException => new StartupException(string.Create(
            CultureInfo.InvariantCulture,
            $"The host cannot listen on {arguments.Address}, port {arguments.Port} ({failure.Message}). Pass an address of this " +
                $"machine with --listen, and a port that you may use with --port.")),
        IOException { InnerException: SocketException socket } => ToStartupException(socket, arguments),
        StorageException or SqliteException => new StartupException(
            $"A database in {Path.GetFullPath(arguments.DataDirectory)} cannot be opened ({failure.Message.TrimEnd('.')}). " +
                "Move it away; with the sandbox, --fresh starts over."),
        IOException or UnauthorizedAccessException => new StartupException(
            $"A file or directory cannot be used ({failure.Message.TrimEnd('.')}). Check what it is and its permissions, or give another " +
                "directory with --data DIR."),
        _ => null,
    };

    /// <summary>Runs a part of the start.</summary>
    /// <exception cref="StartupException">It failed in a way that a user can fix.</exception>
    public static async Task<T> TranslateAsync<T>(HostArguments arguments, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (Exception failure) when (failure is not StartupException && ToStartupException(failure, arguments) is { } problem)
        {
            throw problem;
        }
    }
}
