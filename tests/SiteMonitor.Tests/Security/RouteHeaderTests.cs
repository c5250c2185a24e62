using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Security;

/// <summary>Every route, called in every way without its key: refused, and every answer has the security headers.</summary>
public sealed class RouteHeaderTests(SecurityApp security) : IClassFixture<SecurityApp>
{
    private static readonly string[] Required =
        ["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Cache-Control"];

    private static readonly (string Name, string? Header, string? Query)[] Variants =
    [
        ("no key", null, null), ("empty header", "", null), ("wrong header", "wrong", null), ("wrong query", null, "wrong"), ("wrong header before the right query", "wrong", "function-key"),
        ("key with a space", "function-key ", "x"), ("key in another case", "FUNCTION-KEY", null), ("long key", new string('x', 4_000), null),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Routes()
    {
        TheoryData<string, string, bool> routes = [];
        foreach (HttpTriggerAttribute trigger in Triggers())
        {
            string path = trigger.Route!.Replace("{owner}", "o", StringComparison.Ordinal).Replace("{repo}", "r", StringComparison.Ordinal)
                .Replace("{number}", "1", StringComparison.Ordinal).Replace("{action}", "freeze", StringComparison.Ordinal)
                .Replace("{command}", "process-issues", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal)
                .Replace("{runId}", "x", StringComparison.Ordinal).Replace("{file}", "main.js", StringComparison.Ordinal);
            routes.Add(trigger.Methods![0].ToUpperInvariant(), path, trigger.AuthLevel == AuthorizationLevel.Anonymous);
        }

        return routes;
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_Its_Key_It_Is_Refused_And_Every_Answer_Has_The_Headers(string method, string path, bool isOpen)
    {
        foreach ((string name, string? header, string? query) in Variants)
        {
            using HttpResponseMessage answer = await SendAsync(method, query is null ? $"api/{path}" : $"api/{path}?code={query}", header);

            AssertHeaders(answer);
            Assert.True(isOpen || answer.StatusCode == HttpStatusCode.Unauthorized || (name == "key with a space" && answer.StatusCode != HttpStatusCode.InternalServerError), $"{name}: {answer.StatusCode}");
            Assert.True(isOpen || answer.StatusCode != HttpStatusCode.Unauthorized || (await answer.Content.ReadAsByteArrayAsync(Stop)).Length == 0, name);
        }

        using HttpResponseMessage other = await SendAsync("PATCH", $"api/{path}", "function-key");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        AssertHeaders(other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api/report?format=html")]
    [InlineData("api/report?format=md")]
    [InlineData("api/report?format=json")]
    [InlineData("api/report?format=pdf")]
    [InlineData("api/metrics")]
    [InlineData("api/runs")]
    [InlineData("api/incidents")]
    [InlineData("api/dashboard")]
    [InlineData("api/dashboard/main.js")]
    [InlineData("api/dashboard/nothing")]
    [InlineData("api/incidents/INC-1/post-mortem")]
    [InlineData("api/nothing")]
    public async Task With_The_Key_Every_Answer_Has_The_Headers_Too(string path)
    {
        using HttpResponseMessage answer = await SendAsync("GET", path, "function-key");

        AssertHeaders(answer);
    }

    /// <summary>The Functions worker runs the same middleware in front of every function.</summary>
    [Fact]
    public void The_Middleware_Keeps_What_A_Function_Sets()
    {
        HeaderDictionary headers = new() { ["Content-Security-Policy"] = "default-src 'self'" };

        SecurityHeaders.AddTo(headers);

        Assert.Equal("default-src 'self'", headers["Content-Security-Policy"].ToString());
        Assert.Equal("nosniff", headers["X-Content-Type-Options"].ToString());
        Assert.Contains("builder.UseMiddleware<SecurityHeaders>();", Infrastructure.RepositoryRoot.Read("src", "SiteMonitor.Functions", "Program.cs"), StringComparison.Ordinal);
    }

    private static IEnumerable<HttpTriggerAttribute> Triggers() =>
        from type in typeof(AppVersion).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FunctionAttribute>() is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select trigger;

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        string uri = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}";
        Assert.All(Required, name => Assert.True(answer.Headers.TryGetValues(name, out IEnumerable<string>? values) && values.Count() == 1, $"{uri}: {name}"));
        Assert.False(answer.Headers.Contains("Server"), uri);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? key)
    {
        HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("x-functions-key", key ?? string.Empty);
        if (key is null)
        {
            request.Headers.Remove("x-functions-key");
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }

    private HttpClient Client => _client ??= new HttpClient { BaseAddress = security.App.Http.BaseAddress };

    private HttpClient? _client;
}
