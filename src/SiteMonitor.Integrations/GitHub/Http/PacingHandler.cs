using System.Net;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Delays each request until its turn.</summary>
internal sealed class PacingHandler(RequestPacer pacer) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestTag tag = RequestTag.Current;
        if (tag.Kind == RequestKind.SignIn)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        string resource = request.RequestUri!.AbsolutePath.EndsWith("/graphql", StringComparison.Ordinal) ? "graphql" : "core";
        using RequestPermit turn = await pacer.AcquireAsync(tag.Kind, resource, tag.StartsWork, cancellationToken);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        turn.IsUncounted = response.StatusCode == HttpStatusCode.NotModified;
        return response;
    }
}
