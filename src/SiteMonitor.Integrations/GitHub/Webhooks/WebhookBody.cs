using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>A webhook's body in either of the content types GitHub offers.</summary>
internal static class WebhookBody
{
    private const string FormType = "application/x-www-form-urlencoded";

    public static ReadOnlyMemory<byte> Json(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (contentType is null || !contentType.Trim().StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        foreach (QueryStringEnumerable.EncodedNameValuePair field in new QueryStringEnumerable(Encoding.UTF8.GetString(body.Span)))
        {
            if (field.DecodeName().Span.SequenceEqual("payload"))
            {
                return Encoding.UTF8.GetBytes(field.DecodeValue().ToString());
            }
        }

        throw new MalformedDeliveryException("The form has no field 'payload'.");
    }
}
