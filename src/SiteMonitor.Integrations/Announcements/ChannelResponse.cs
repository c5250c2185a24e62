using System.Net;
using System.Text.Json;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Detects answers with a status of success that report an error, as many receivers send them.</summary>
internal static class ChannelResponse
{
    private const int MaxQuote = 100;

    /// <summary>Parts of an address shorter than this, such as <c>hooks</c>, are not secret.</summary>
    private const int MinSecret = 6;

    /// <summary>Returns what the answer says against the message, without parts of the address; null if the message was taken.</summary>
    /// <param name="kind">One of <see cref="ChannelKinds"/>; says what an answer of success looks like.</param>
    public static string? FindRejection(string kind, HttpStatusCode status, string body, ChannelOptions settings)
    {
        if (body.Length == 0 || (TryRead(body, out JsonElement answer) ? !NamesError(answer) : IsSuccess(kind, body)))
        {
            return null;
        }

        string said = IsWebPage(body) ? "a web page"
            : FindSecrets(settings).Any(s => body.Contains(s, StringComparison.OrdinalIgnoreCase)) ? "an error"
            : ChannelText.Cut(body.ReplaceLineEndings(" "), MaxQuote);
        return $"answered {(int)status} but rejected the message: {said}";
    }

    private static bool IsSuccess(string kind, string body) => kind switch
    {
        ChannelKinds.Slack => body.Equals("ok", StringComparison.OrdinalIgnoreCase),
        ChannelKinds.Teams => body == "1",

        // A page means a sign-in, a parked domain or a captive portal: no receiver of webhooks.
        _ => !IsWebPage(body),
    };

    private static bool IsWebPage(string body) => body.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
        || body.StartsWith("<html", StringComparison.OrdinalIgnoreCase);

    private static bool TryRead(string body, out JsonElement answer)
    {
        answer = default;
        try
        {
            answer = JsonElement.Parse(body);
            return answer.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool NamesError(JsonElement answer) => answer.EnumerateObject().Any(p => p.Name.ToUpperInvariant() switch
    {
        "OK" or "SUCCESS" => IsEmpty(p.Value),
        "ERROR" or "ERRORS" or "ERRCODE" => !IsEmpty(p.Value),
        "STATUS" or "RESULT" => Text(p.Value) is "ERROR" or "FAIL" or "FAILED" or "FAILURE" || IsHttpError(p.Value),
        "CODE" or "STATUSCODE" or "STATUS_CODE" => IsHttpError(p.Value),
        _ => false,
    });

    /// <summary>Whether a value says "no", "none" or "nothing".</summary>
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => Text(value) is "" or "FALSE" or "0" or "NULL",
    };

    private static bool IsHttpError(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long code) && code >= 400;

    // Not as a string: an unpaired surrogate in it would throw.
    private static string Text(JsonElement value) => value.GetRawText().Trim('"').Trim().ToUpperInvariant();

    private static IEnumerable<string> FindSecrets(ChannelOptions settings)
    {
        Uri address = new(settings.Url);
        return [
            address.Host,
            .. $"{address.PathAndQuery} {Uri.UnescapeDataString(address.PathAndQuery)} {settings.Authorization}"
                .Split('/', '?', '&', '=', ' ')
                .Where(part => part.Length >= MinSecret),
        ];
    }
}
