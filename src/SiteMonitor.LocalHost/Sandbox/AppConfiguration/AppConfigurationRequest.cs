using System.Net;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>A request that passed the checks all routes share.</summary>
/// <param name="Key">Decoded; empty on a list.</param>
/// <param name="Label">Null: none.</param>
/// <param name="KnownSequence">From the <c>Sync-Token</c>; null: there was none.</param>
internal sealed record AppConfigurationRequest(
    HttpContext Http, string Key, string? Label, ReadOnlyMemory<byte> Body, Preconditions Conditions, long? KnownSequence, IReadOnlyCollection<string> Fields)
{
    public HttpResponse Response => Http.Response;

    public Task Answer(HttpStatusCode status) => AppConfigurationResponses.Status(Response, status);
}
