using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Api;

/// <summary>Recognizes that something else answers in the application's place, and explains failed connections.</summary>
internal static class UnexpectedResponse
{
    private const string Page = "text/html";
    private const string Json = "application/json";

    /// <param name="isPage">Whether the application itself answers with a web page here.</param>
    /// <exception cref="UsageException">The address redirects to another one.</exception>
    /// <exception cref="UnreachableException">A web page or a gateway answers.</exception>
    public static void ThrowIfUnexpected(Uri address, HttpResponseMessage response, bool isPage)
    {
        int status = (int)response.StatusCode;
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (status is >= 300 and < 400)
        {
            string target = response.Headers.Location is { } location ? $"to {new Uri(address, location)}" : "elsewhere";
            throw new UsageException(
                $"--url: {address} redirects {target}. Pass the application's own address, one that does not ask for a sign-in.");
        }

        bool isGateway = status is 502 or 503 or 504 && type is not (Json or Problem.ContentType);
        if (isGateway || (type == Page && !isPage))
        {
            throw new UnreachableException(
                $"Something else answers at {address} in the application's place (status {status}). The application is stopped or still " +
                    "starting, a sign-in page or a proxy stands before it, or --url is another site's address.");
        }
    }

    public static UnreachableException ToUnreachable(Uri address, HttpRequestException failure)
    {
        // Other failures name their cause in an inner exception only.
        string cause = failure.HttpRequestError is HttpRequestError.Unknown or HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError ? failure.Message : failure.GetBaseException().Message;
        string advice = failure.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError =>
                "Check the server's certificate, and whether the address begins with http:// instead.",
            HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse =>
                "Check the port, and whether the address begins with https:// instead.",
            _ when address.IsLoopback => "Start the host with 'dotnet dev.cs run', or pass another address with --url.",
            _ => "Check the address (without /api) and that the application is running.",
        };
        return new UnreachableException($"No application answers at {address} ({cause.TrimEnd('.')}). {advice}");
    }
}
