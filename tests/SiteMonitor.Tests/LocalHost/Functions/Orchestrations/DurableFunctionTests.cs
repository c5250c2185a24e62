using System.Net;
using DurableTask.Sqlite;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Functions.Orchestrations;

/// <summary>Orchestrations, activities and the durable client, found by their attributes and run on the real engine.</summary>
public sealed class DurableFunctionTests : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = LocalHostApplication.Build(new LocalHostOptions
        {
            Root = _directory.Path,
            Data = DataDirectory.Open(Path.Combine(_directory.Path, "data")),
            Keys = new FunctionKeys("function-key", "master-key"),
            Port = 0,
            Durability = DurabilityMode.Normal,
            KeepFinished = TimeSpan.FromDays(30),
            UseEnvironment = false,
            FunctionTypes = [typeof(Samples)],
            AddApp = (services, _) => services.AddScoped<Greeter>().AddLogging(l => l.ClearProviders()),
        });
        await _app.StartAsync(Cancelled);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    [Fact]
    public async Task A_Route_Starts_An_Orchestration_Whose_Activities_Get_Their_Input_And_Services()
    {
        HttpResponseMessage response = await _http.PostAsync("/api/greet/World", null, Cancelled);
        string id = await response.Content.ReadAsStringAsync(Cancelled);
        OrchestrationMetadata done = await _app!.Services.GetRequiredService<DurableTaskClient>()
            .WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal([$"Hello World from {id}", $"Hello again from {id}"], done.ReadOutputAs<string[]>()!);
    }

    [Fact]
    public async Task A_Failing_Activity_Fails_Its_Orchestration_With_The_Functions_Own_Message()
    {
        DurableTaskClient client = _app!.Services.GetRequiredService<DurableTaskClient>();
        string id = await client.ScheduleNewOrchestrationInstanceAsync("Failing", Cancelled);
        OrchestrationMetadata done = await client.WaitForInstanceCompletionAsync(
            id, getInputsAndOutputs: true, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException: as asked", done.ReadOutputAs<string>());
    }

    [Fact]
    public void The_Engine_Keeps_What_The_Host_Was_Told_To_Keep_And_As_Safely()
    {
        EmbeddedTaskHubOptions engine = _app!.Services.GetRequiredService<IOptions<EmbeddedTaskHubOptions>>().Value;

        Assert.Equal((DurabilityMode.Normal, TimeSpan.FromDays(30)), (engine.Durability, engine.Retention));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
        _directory.Dispose();
    }

    private sealed record Greeting(string Name, int Times);

    private sealed class Greeter
    {
        private readonly string _word = "Hello";

        public string Greet(Greeting greeting, string from) =>
            greeting.Times == 1 ? $"{_word} {greeting.Name} from {from}" : $"{_word} again from {from}";
    }

    private sealed class Samples(IServiceProvider services)
    {
        [Function("StartGreeting")]
        public static async Task<IActionResult> Start(
            [HttpTrigger(
                AuthorizationLevel.Anonymous, "post", Route = "greet/{name}")] HttpRequest request, string name,
                [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
            new OkObjectResult(await client.ScheduleNewOrchestrationInstanceAsync("GreetTwice", new Greeting(name, 1), cancellationToken));

        [Function("GreetTwice")]
        public static async Task<string[]> GreetTwice([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            Greeting greeting = context.GetInput<Greeting>()!;
            string first = await context.CallActivityAsync<string>("Greet", greeting);
            string second = await context.CallActivityAsync<string>("Greet", greeting with { Times = 2 });
            return [first, second];
        }

        [Function("Greet")]
        public Task<string> Greet([ActivityTrigger] Greeting greeting, string instanceId, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(services.GetRequiredService<Greeter>().Greet(greeting, instanceId));
        }

        [Function("Failing")]
        public static async Task<string> Failing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                return await context.CallActivityAsync<string>("Fail", "as asked");
            }
            catch (TaskFailedException e)
            {
                return $"{e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
            }
        }

        [Function("Fail")]
        public static string Fail([ActivityTrigger] string message) => throw new InvalidOperationException(message);
    }
}
