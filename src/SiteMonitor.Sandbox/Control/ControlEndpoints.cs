using System.Text.Json;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.State;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Maps the sandbox's own routes under <c>/sandbox</c>: inspect the state, act as a person, inject faults.</summary>
internal sealed class ControlEndpoints(SandboxServer server)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/sandbox/writes", http => Write(http, Writes(http)));
        Get(routes, "/sandbox/issues", http => Write(http, server.Issues((string?)http.Request.Query["repo"])));
        Get(routes, "/sandbox/stats", http => Write(http, server.Stats));
        Get(routes, "/sandbox/deliveries", http => Write(http, server.Deliveries));
        Get(routes, "/sandbox/faults", http => Write(http, server.Faults));
        Post<FaultRule>(routes, "/sandbox/faults", (http, rule) =>
        {
            server.Inject(rule);
            return Write(http, server.Faults);
        });
        routes.MapDelete("/sandbox/faults", (RequestDelegate)(http =>
        {
            server.ClearFaults();
            return NoContent(http);
        }));
        Post<UserAction>(routes, "/sandbox/person", (http, action) =>
            server.Perform(action) is { } issue ? Write(http, issue) : NoContent(http));
        Post<SwitchRequest>(routes, "/sandbox/switches", (http, request) =>
        {
            server.Copilot = request.Copilot ?? server.Copilot;
            server.Model = request.Model ?? server.Model;
            server.Author = request.Author ?? server.Author;
            return NoContent(http);
        });
        routes.MapPost("/sandbox/deliveries/{id}/redeliver", (RequestDelegate)(http =>
            Guid.TryParse((string?)http.Request.RouteValues["id"], out Guid id) && server.Redeliver(id) is { } delivery
                ? Write(http, delivery)
                : Problem(http, 404, "There is no such delivery; GET /sandbox/deliveries lists them.")));
        Post<WebhookTargetRequest>(routes, "/sandbox/webhook", (http, request) =>
        {
            server.ConnectWebhook(request.Target);
            return NoContent(http);
        });
        Get(routes, "/sandbox/clock", http => Write(http, Clock()));
        Post<AdvanceRequest>(routes, "/sandbox/clock", async (http, request) =>
        {
            if (server.AdvanceClock is not { } advance || request.Advance <= TimeSpan.Zero)
            {
                await Problem(http, 422, "Only a simulated clock can be advanced, and only forward.");
                return;
            }

            await advance(request.Advance, http.RequestAborted);
            await Write(http, Clock());
        });
        routes.MapPost("/sandbox/finding", (RequestDelegate)(http => Write(http, OpenFinding())));
        routes.MapPost("/sandbox/ping", (RequestDelegate)(http =>
        {
            server.Ping();
            return NoContent(http);
        }));
        routes.MapPost("/sandbox/reset", (RequestDelegate)(http =>
        {
            server.Reset();
            return NoContent(http);
        }));
    }

    private ClockView Clock() => new(server.Now, server.AdvanceClock is not null);

    private IssueView? OpenFinding()
    {
        (string title, string body, _) = SyntheticFindings.Of(server.Issues(server.Repository).Count);
        return server.Perform(new UserAction
        {
            Do = UserActionKind.Open,
            Value = title,
            Text = body,
            Labels = ["site-monitor"],
            Login = "watchtower-monitor[bot]",
        });
    }

    private static void Get(IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) => routes.MapGet(pattern, handler);

    private static void Post<T>(IEndpointRouteBuilder routes, string pattern, Func<HttpContext, T, Task> handler) =>
        routes.MapPost(pattern, (RequestDelegate)(async http =>
        {
            try
            {
                T body = await JsonSerializer.DeserializeAsync<T>(
                    http.Request.Body, SandboxJson.Options, http.RequestAborted) ?? throw new JsonException("The body is null.");
                await handler(http, body);
            }
            catch (JsonException e)
            {
                await Problem(http, 400, e.Message);
            }
            catch (GitHubErrorException e)
            {
                await Problem(http, 422, e.Message);
            }
        }));

    private IReadOnlyList<WriteEntry> Writes(HttpContext http)
    {
        string? issue = http.Request.Query["issue"];
        string? by = http.Request.Query["by"];
        return [.. server.Writes.Where(w => (issue is null || w.Issue == issue) && (by is null || w.By == by))];
    }

    private static Task Write<T>(HttpContext http, T value)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, SandboxJson.Options, http.RequestAborted);
    }

    private static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Problem(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(
            http.Response.Body,
            new Dictionary<string, string> { ["title"] = "The sandbox cannot do that", ["detail"] = detail },
            SandboxJson.Options,
            http.RequestAborted);
    }
}

/// <summary>Body of <c>POST /sandbox/webhook</c>.</summary>
/// <param name="Target">New receiver of the deliveries.</param>
public sealed record WebhookTargetRequest(Uri Target);

/// <summary>Body of <c>POST /sandbox/switches</c>; null leaves a switch unchanged.</summary>
public sealed record SwitchRequest(CopilotBehaviour? Copilot, ModelBehaviour? Model, AuthorBehaviour? Author = null);

/// <summary>Body of <c>POST /sandbox/clock</c>.</summary>
/// <param name="Advance">How far to advance the clock.</param>
public sealed record AdvanceRequest(TimeSpan Advance);

/// <summary>Response of <c>/sandbox/clock</c>.</summary>
/// <param name="CanAdvance">False if the time is not simulated.</param>
public sealed record ClockView(DateTimeOffset Now, bool CanAdvance);
