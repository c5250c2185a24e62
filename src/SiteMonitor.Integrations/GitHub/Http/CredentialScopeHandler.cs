namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Sends the credential to the API's own address only; Octokit would also send it to a redirect's other scheme or port.</summary>
internal sealed class CredentialScopeHandler(Uri api) : DelegatingHandler
{
    private readonly string _origin = api.GetLeftPart(UriPartial.Authority);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!string.Equals(request.RequestUri!.GetLeftPart(UriPartial.Authority), _origin, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Authorization = null;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
