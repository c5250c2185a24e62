using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

public sealed class HttpReferenceTests
{
    private const string Introduction = """
        # HTTP reference

        Generated from the functions; a test keeps it so. Routes that need a *function key* take it in the header `x-functions-key` (the host on your own machine keeps one in `.sitemonitor/keys.json`;
        in Azure the portal shows them, and `az functionapp keys list`, which Needs Azure). Bodies are JSON; a member that a route does not know is refused by name. Refusals are `application/problem+json` (RFC 9457) with what was wrong and what to do: 400 bad input,
        401 key, 404 no such thing, 409 not now (another run is on, a gate is not met), 413 too long, 503 something behind it does not answer.

        | method | route | key | function | what |
        |---|---|---|---|---|

        """;

    [Fact]
    public void The_HTTP_Reference_Is_What_The_Functions_Say()
    {
        string[] rows = [.. Functions().OrderBy(f => f.Trigger.Route, StringComparer.Ordinal).ThenBy(f => f.Trigger.Methods![0], StringComparer.Ordinal).Select(Row)];
        Assert.NotEmpty(rows);
        CommittedFile.ShouldBe((Introduction + string.Concat(rows)).ReplaceLineEndings("\n"), "docs", "http-api.md");
    }

    [Fact]
    public void Every_Route_Says_Which_Method_And_Path_It_Answers() =>
        Assert.All(Functions(), f =>
        {
            Assert.NotEmpty(f.Trigger.Methods ?? []);
            Assert.False(string.IsNullOrEmpty(f.Trigger.Route), f.Method.Name);
        });

    private static IEnumerable<(MethodInfo Method, HttpTriggerAttribute Trigger)> Functions() =>
        from type in typeof(AppVersion).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FunctionAttribute>() is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (method, trigger);

    private static string Row((MethodInfo Method, HttpTriggerAttribute Trigger) function)
    {
        (MethodInfo method, HttpTriggerAttribute trigger) = function;
        Type type = method.DeclaringType!;
        string own = SourceSummaries.Of(type, method.Name);
        string methods = string.Join(", ", trigger.Methods!.Select(m => m.ToUpperInvariant()));
        string key = trigger.AuthLevel == AuthorizationLevel.Anonymous ? "none" : trigger.AuthLevel.ToString().ToLowerInvariant();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {methods} | `/{Prefix}/{trigger.Route}` | {key} | {method.GetCustomAttribute<FunctionAttribute>()!.Name} | {(own.Length > 0 ? own : SourceSummaries.Of(type))} |\n");
    }

    private static string Prefix { get; } = JsonDocument.Parse(RepositoryRoot.Read("host.json")).RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!;
}
