using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>A signed delivery, created before the measurement.</summary>
internal sealed record SignedDelivery(string Id, byte[] Body, string Signature)
{
    public const string Repository = "acme/web-site";

    /// <summary>Makes the delivery as long as GitHub's example of a labelled issue, 11.8 kB.</summary>
    private static readonly string Text = string.Join(
        ' ', Enumerable.Repeat("The page /pricing answers slower than two seconds since Monday.", 177));

    /// <summary>Creates the event of adding the label that starts a run.</summary>
    public static SignedDelivery Labelled(int number, string secret)
    {
        string json = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"action":"labeled","issue":{"id":{{{number}}},"node_id":"I_{{{number}}}","number":{{{number}}},"title":"Slow page","state":"open","locked":false,
            "user":{"login":"monitor","id":1,"type":"User"},"labels":[{"id":1,"name":"site-monitor","color":"ededed"}],"assignees":[],"body":"{{{Text}}}"},
            "label":{"id":1,"name":"site-monitor","color":"ededed"},"repository":{"id":1,"name":"web-site","full_name":"{{{Repository}}}","private":false,"owner":{"login":"acme","id":2}},
            "sender":{"login":"monitor","id":1,"type":"User"}}
            """);
        byte[] body = Encoding.UTF8.GetBytes(json);
        return new SignedDelivery(
            Guid.NewGuid().ToString(), body, "sha256=" + Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
    }

    public HttpRequestMessage ToRequest(Uri webhook)
    {
        HttpRequestMessage request = new(HttpMethod.Post, webhook) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", "issues");
        request.Headers.Add("X-GitHub-Delivery", Id);
        request.Headers.Add("X-Hub-Signature-256", Signature);
        return request;
    }
}
