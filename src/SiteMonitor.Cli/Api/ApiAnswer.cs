using System.Net;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Api;

/// <summary>What the application answered.</summary>
/// <param name="Value">Set when it did what was asked.</param>
/// <param name="Problem">Set otherwise.</param>
/// <param name="Body">The answer's text, as it came.</param>
internal sealed record ApiResponse<T>(HttpStatusCode Status, T? Value, Problem? Problem, string Body)
    where T : class
{
    public int ExitCode => Problem is null ? Cli.ExitCode.Ok : (int)Status >= 500 ? Cli.ExitCode.Failed : Cli.ExitCode.Refused;
}
