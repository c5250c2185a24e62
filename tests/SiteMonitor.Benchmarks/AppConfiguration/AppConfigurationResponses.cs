using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>Writes responses in the formats of the REST API.</summary>
internal static class AppConfigurationResponses
{
    private const string KeyValueType = "application/vnd.microsoft.appconfig.kv+json; charset=utf-8";
    private const string KeyValueSetType = "application/vnd.microsoft.appconfig.kvset+json; charset=utf-8";

    public static Task Status(HttpResponse response, HttpStatusCode status)
    {
        response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    public static Task KeyValue(AppConfigurationRequest request, KeyValue keyValue)
    {
        request.Response.Headers.ETag = $"\"{keyValue.ETag}\"";
        request.Response.Headers.LastModified = keyValue.LastModified.ToString("r", CultureInfo.InvariantCulture);
        return Json(request.Response, KeyValueType, json => KeyValueJson.Write(json, keyValue, request.Fields));
    }

    public static Task List(AppConfigurationRequest request, KeyValueList list)
    {
        request.Response.Headers.ETag = $"\"{list.ETag}\"";
        if (list.Next is not null)
        {
            request.Response.Headers.Link = $"<{list.Next}>; rel=\"next\"";
        }

        return request.Conditions.NoneMatchNames(list.ETag) ? request.Answer(HttpStatusCode.NotModified)
            : !request.Conditions.MatchHoldsFor(list.ETag) ? request.Answer(HttpStatusCode.PreconditionFailed)
            : Json(request.Response, KeyValueSetType, json => Write(json, list, request.Fields));
    }

    /// <param name="name">The wrong part of the request.</param>
    public static Task Problem(HttpResponse response, HttpStatusCode status, string type, string title, string name, string detail)
    {
        response.StatusCode = (int)status;
        return Json(response, "application/problem+json; charset=utf-8", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", $"https://azconfig.io/errors/{type}");
            json.WriteString("title", title);
            json.WriteString("name", name);
            json.WriteString("detail", detail);
            json.WriteNumber("status", (int)status);
            json.WriteEndObject();
        });
    }

    public static Task Invalid(HttpResponse response, string name, string detail) =>
        Problem(response, HttpStatusCode.BadRequest, "invalid-argument", $"Invalid request parameter '{name}'", name, detail);

    public static Task Locked(HttpResponse response, string key) => Problem(
        response, HttpStatusCode.Conflict, "key-locked", $"Modifying key '{key}' is not allowed", key,
        "The key is read-only. To allow modification unlock it first.");

    public static Task Throttled(HttpResponse response, TimeSpan retryAfter)
    {
        response.Headers["retry-after-ms"] = ((long)retryAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return Problem(
            response, HttpStatusCode.TooManyRequests, "too-many-requests", "Resource utilization has surpassed the assigned quota",
            "Total Requests", "Try again later.");
    }

    private static void Write(Utf8JsonWriter json, KeyValueList list, IReadOnlyCollection<string> fields)
    {
        json.WriteStartObject();
        json.WriteString("etag", list.ETag);
        json.WriteStartArray("items");
        foreach (KeyValue item in list.Items)
        {
            KeyValueJson.Write(json, item, fields);
        }

        json.WriteEndArray();
        if (list.Next is not null)
        {
            json.WriteString("@nextLink", list.Next);
        }

        json.WriteEndObject();
    }

    private static async Task Json(HttpResponse response, string contentType, Action<Utf8JsonWriter> write)
    {
        response.ContentType = contentType;
        await using (Utf8JsonWriter json = new(response.BodyWriter))
        {
            write(json);
        }

        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }
}
