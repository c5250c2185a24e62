using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

public sealed class HttpReferenceTests
{
    private const string Introduction = """
        # HTTP reference

        Generated from the functions and their contracts; a test keeps it current. Routes with the key *function* take a function key in the header `x-functions-key` (the host on your own machine keeps one
        in `.sitemonitor/keys.json`; in Azure the portal shows them, and `az functionapp keys list`, which Needs Azure). Bodies are JSON; an unknown member in a request is refused by name.

        A route answers a refusal with `application/problem+json` (RFC 9457), see [Problem](#problem): 400 invalid input, 403 repository not configured, 404 no such thing, 409 not now (another run is active, a gate
        is not met), 408 a body that took over 10 seconds, 410 removed command, 413 too long, 503 something the application needs does not answer. Two responses come from the host and have no body: 401 for a missing or wrong key, and 404 for
        a route that does not exist. The webhook's own 401 (missing or wrong signature) has a problem body.

        The command line prints the response's body with `--json`.

        ## Routes

        | method | route | key | function | what |
        |---|---|---|---|---|

        """;

    private const string Bodies = """

        ## Requests and responses

        Routes with `{action}`: `rollout/{action}` takes ROLLOUT; `incidents/{id}/{action}` takes `acknowledge`, `update`, `resolve`; `workflows/{action}` takes `enable`, `disable`, `follow`.

        | route | request | response |
        |---|---|---|
        | POST `pipeline/issues/{owner}/{repo}/{number}` | [PipelineRequest](#pipelinerequest) | [StartResponse](#startresponse) |
        | GET `pipeline/issues/{owner}/{repo}/{number}` | `?state=true` reads the issue's state from GitHub | [IssueStatus](#issuestatus) |
        | POST `pipeline/batch` | [BatchRequest](#batchrequest) | [BatchResponse](#batchresponse) |
        | POST `commands/{command}` | [CommandRequest](#commandrequest) | [CommandResponse](#commandresponse) |
        | POST `github/webhook` | a delivery of GitHub | [WebhookResponse](#webhookresponse) |
        | GET `health`, `health/details` | – | [HealthReport](#healthreport) |
        | POST `doctor` | [DoctorRequest](#doctorrequest) | [DoctorReport](#doctorreport) |
        | GET `rollout` | – | [RolloutStatus](#rolloutstatus) |
        | GET `rollout/forecast` | – | [RolloutForecast](#rolloutforecast) |
        | GET `rollout/history` | `?limit=` | list of [AuditEntry](#auditentry) |
        | POST `rollout/undo` | [UndoRequest](#undorequest) | [UndoStatus](#undostatus) |
        | GET `rollout/undo/{id}` | – | [UndoStatus](#undostatus) |
        | POST `rollout/{action}`, `incidents`, `incidents/{id}/{action}`, `workflows/{action}` | [OperatorRequest](#operatorrequest) | [OperationResult](#operationresult); for the dry run of `advance` [AdvancePlan](#advanceplan) |
        | GET `runs`, `runs/{runId}` | filters, see above | [RunList](#runlist), [RunDetail](#rundetail) |
        | GET `history` | `?repo=`, `?since=`, `?after=` | [HistoryPage](#historypage) |
        | GET `incidents`, `incidents/{id}` | `?state=open`, `resolved` or `all` | [IncidentList](#incidentlist), [IncidentView](#incidentview) |
        | POST `report/notes` | [ReportNoteRequest](#reportnoterequest) | [OperationResult](#operationresult) |
        | GET, POST `comparison` | [SampleRequest](#samplerequest) | [ConsistencyReport](#consistencyreport), [SampleResponse](#sampleresponse) |
        | any refusal | – | [Problem](#problem) |

        """;

    private static readonly Type[] Types =
    [
        typeof(PipelineRequest), typeof(BatchRequest), typeof(CommandRequest), typeof(DoctorRequest), typeof(OperatorRequest), typeof(SampleRequest),
        typeof(StartResponse), typeof(BatchResponse), typeof(CommandResponse), typeof(IssueStatus), typeof(WebhookResponse), typeof(HealthReport),
        typeof(DoctorReport), typeof(RolloutStatus), typeof(RolloutForecast), typeof(AuditEntry), typeof(OperationResult), typeof(AdvancePlan), typeof(RunList), typeof(RunDetail),
        typeof(IncidentList), typeof(IncidentView), typeof(ReportNoteRequest), typeof(UndoRequest), typeof(UndoStatus), typeof(ConsistencyReport), typeof(SampleResponse), typeof(HistoryPage), typeof(Problem),
    ];

    [Fact]
    public void The_HTTP_Reference_Is_What_The_Functions_Say()
    {
        string[] rows = [.. Functions().OrderBy(f => f.Trigger.Route, StringComparer.Ordinal).ThenBy(f => f.Trigger.Methods![0], StringComparer.Ordinal).Select(Row)];
        Assert.NotEmpty(rows);
        string actions = string.Join(", ", RolloutControl.Operations.Append("beta-issues").Select(o => $"`{o}`"));
        string text = Introduction + string.Concat(rows) + Bodies.Replace("ROLLOUT", actions, StringComparison.Ordinal) + BodyReference.Write(Types);
        CommittedFile.ShouldBe(text.ReplaceLineEndings("\n"), "docs", "http-api.md");
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
