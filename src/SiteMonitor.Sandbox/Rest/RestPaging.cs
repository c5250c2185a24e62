using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Extensions;
using SiteMonitor.Sandbox.Http;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>GitHub's paging: <c>per_page</c> (30, at most 100), <c>page</c>, and the <c>Link</c> header.</summary>
internal static class RestPaging
{
    private const int DefaultSize = 30;
    private const int MaxSize = 100;

    public static SimulatedResponse Of<T>(ApiRequest request, IEnumerable<T> all, Func<T, JsonNode> json)
    {
        List<T> items = [.. all];
        int size = Math.Clamp(Number(request, "per_page", DefaultSize), 1, MaxSize);
        int page = Math.Max(1, Number(request, "page", 1));
        int last = Math.Max(1, (items.Count + size - 1) / size);
        JsonArray body = new([.. items.Skip((page - 1) * size).Take(size).Select(json)]);
        List<string> links = [];
        if (page > 1)
        {
            links.Add(Link(request, Math.Min(page - 1, last), "prev"));
            links.Add(Link(request, 1, "first"));
        }

        if (page < last)
        {
            links.Add(Link(request, page + 1, "next"));
            links.Add(Link(request, last, "last"));
        }

        return SimulatedResponse.Of(body) with
        {
            Headers = links.Count == 0 ? new Dictionary<string, string>() : new() { ["link"] = string.Join(", ", links) },
        };
    }

    private static int Number(ApiRequest request, string name, int otherwise) =>
        int.TryParse(request.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private static string Link(ApiRequest request, int page, string relation)
    {
        HttpRequest http = request.Http.Request;
        QueryBuilder query = new(
            http.Query.Where(q => q.Key != "page").SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v ?? "")))
        {
            { "page", page.ToString(CultureInfo.InvariantCulture) },
        };
        return $"<{http.Scheme}://{http.Host}{http.Path}{query.ToQueryString()}>; rel=\"{relation}\"";
    }
}
