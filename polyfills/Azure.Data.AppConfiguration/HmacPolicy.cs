using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.AppConfiguration;

/// <summary>Signs each try of a request with the connection string's secret.</summary>
internal sealed class HmacPolicy(string id, byte[] secret) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using MemoryStream body = new();
        message.Request.Content?.WriteTo(body, message.CancellationToken);
        Sign(message.Request, body);
        ProcessNext(message, pipeline);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using MemoryStream body = new();
        if (message.Request.Content is { } content)
        {
            await content.WriteToAsync(body, message.CancellationToken).ConfigureAwait(false);
        }

        Sign(message.Request, body);
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
    }

    private void Sign(Request request, MemoryStream body)
    {
        Uri uri = request.Uri.ToUri();
        string date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        string hash = Convert.ToBase64String(SHA256.HashData(body.ToArray()));
        string toSign = $"{request.Method.Method}\n{uri.PathAndQuery}\n{date};{uri.Authority};{hash}";
        string signature = Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(toSign)));
        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue("x-ms-content-sha256", hash);
        request.Headers.SetValue("Authorization", $"HMAC-SHA256 Credential={id}&SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}");
    }
}
