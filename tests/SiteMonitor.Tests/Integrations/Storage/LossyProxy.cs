using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.Tests.Integrations.Storage;

/// <summary>A way to the storage on which answers to writes get lost: what was asked is done, and the asker is told 503.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private static readonly string[] Kept = ["ETag", "Last-Modified", "x-ms-error-code", "x-ms-version", "x-ms-request-id", "Content-Range"];
    private readonly WebApplication _app;
    private readonly HttpClient _storage = new();
    private readonly Uri _address;
    private int _toLose;

    private LossyProxy(Uri address)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _address = address;
        _app.Run(PassAsync);
    }

    public required LedgerOptions Options { get; init; }

    public int Lost { get; private set; }

    public static async Task<LossyProxy> StartAsync(LedgerOptions options)
    {
        string address = options.ConnectionString.Split("BlobEndpoint=")[1];
        var line = new LossyProxy(new Uri(address)) { Options = new LedgerOptions { Container = options.Container } };
        await line._app.StartAsync(TestContext.Current.CancellationToken);
        line.Options.ConnectionString = options.ConnectionString.Replace(new Uri(address).GetLeftPart(UriPartial.Authority), line._app.Urls.Single(), StringComparison.Ordinal);
        return line;
    }

    /// <summary>Of the next writes of blobs.</summary>
    public void LoseAnswers(int count) => _toLose = count;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _storage.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_address, target));
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var header in http.Request.Headers.Where(h => h.Key is not ("Host" or "Content-Length")))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]);
            }
        }

        using HttpResponseMessage answer = await _storage.SendAsync(request, http.RequestAborted);
        if (_toLose > 0 && answer.StatusCode == HttpStatusCode.Created && target.Split('?')[0].EndsWith(".json", StringComparison.Ordinal))
        {
            _toLose--;
            Lost++;
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(h => Kept.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
        {
            http.Response.Headers[header.Key] = header.Value.ToArray();
        }

        byte[] content = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (content.Length > 0)
        {
            http.Response.ContentLength = content.Length;
            await http.Response.Body.WriteAsync(content, http.RequestAborted);
        }
    }
}
