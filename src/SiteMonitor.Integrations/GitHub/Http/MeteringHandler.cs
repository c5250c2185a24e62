using SiteMonitor.Core.Metering;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Counts each HTTP request once, as it is sent, and adds what the call's tag asks for.</summary>
internal sealed class MeteringHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestTag tag = RequestTag.Current;
        foreach ((string name, string value) in tag.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        CallMeter.Add(Count(tag));
        return base.SendAsync(request, cancellationToken);
    }

    private static Usage Count(RequestTag tag) => (tag.RegisterRequest() && !tag.IsExtra, tag.Kind) switch
    {
        (true, RequestKind.Read) => new Usage { GitHubReads = 1 },
        (true, RequestKind.Write) => new Usage { GitHubWrites = 1 },
        _ => new Usage { GitHubExtra = 1 },
    };
}
