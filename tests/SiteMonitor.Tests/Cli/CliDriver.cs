using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Tests.LocalHost;
using Spectre.Console;

namespace SiteMonitor.Tests.Cli;

/// <summary>Runs the command line in this process against an application that answers what the test sets up.</summary>
internal sealed class CliDriver : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly TestDirectory _directory = new();
    private string? _keys;
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _responses = new();

    public Dictionary<string, string> Environment { get; } = [];

    public List<Request> Requests { get; } = [];

    /// <summary>The addresses opened in a browser.</summary>
    public List<Uri> Opened { get; } = [];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string UserName { get; set; } = "grace";

    /// <summary>Columns of the console.</summary>
    public int Width { get; set; } = 300;

    /// <summary>Whether a person reads the results.</summary>
    public bool IsTerminal { get; set; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string Directory => _directory.Path;

    public CliDriver Respond(HttpStatusCode status, string body, string contentType = "application/json")
    {
        _responses.Enqueue(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, contentType) }));
        return this;
    }

    /// <summary>Answers 503 and asks to try again later.</summary>
    public CliDriver RespondLater(TimeSpan retryAfter)
    {
        _responses.Enqueue(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
        {
            Content = new StringContent("""{"title":"GitHub's rate limit","status":503}""", Encoding.UTF8, "application/problem+json"),
            Headers = { RetryAfter = new(retryAfter) },
        }));
        return this;
    }

    /// <summary>Makes the console interactive and types these keys at the prompts.</summary>
    public void TypeKeys(string keys) => _keys = keys;

    /// <summary>Makes every write to standard output fail, as on a full disk.</summary>
    public bool IsOutputFull { get; set; }

    public CliDriver Redirect(HttpStatusCode status, string location)
    {
        _responses.Enqueue(_ =>
        {
            HttpResponseMessage response = new(status) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") };
            response.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
            return Task.FromResult(response);
        });
        return this;
    }

    /// <summary>Responds with a content type that need not be valid.</summary>
    public CliDriver RespondAs(string contentType, byte[] body)
    {
        _responses.Enqueue(_ =>
        {
            HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
            response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return Task.FromResult(response);
        });
        return this;
    }

    public CliDriver RespondEmpty(HttpStatusCode status)
    {
        _responses.Enqueue(_ => Task.FromResult(new HttpResponseMessage(status)));
        return this;
    }

    public CliDriver Fail(Exception failure)
    {
        _responses.Enqueue(_ => throw failure);
        return this;
    }

    /// <summary>Lets the next request go unanswered until the time is past.</summary>
    public CliDriver Hang(TimeSpan duration)
    {
        _responses.Enqueue(async cancellationToken =>
        {
            await Task.Delay(duration, Time, cancellationToken);
            throw new HttpRequestException("reset");
        });
        return this;
    }

    /// <summary>Runs the command line while the simulated time goes on.</summary>
    public async Task<int> RunAsync(FakeTimeProvider time, params string[] arguments)
    {
        Time = time;
        Task<int> run = RunAsync(arguments);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        return await run;
    }

    public Task<int> RunAsync(params string[] arguments) => SiteMonitorCommand.RunAsync(
        new Terminal
        {
            Out = Console(IsOutputFull ? new FullWriter() : _out),
            Error = _keys is null ? Console(_error) : new TypingConsole(Console(_error, InteractionSupport.Yes), _keys),
            Environment = name => Environment.GetValueOrDefault(name),
            WorkingDirectory = _directory.Path,
            Http = () => new FakeApplication(this),
            Time = Time,
            UserName = UserName,
            OpenBrowser = Opened.Add,
            IsTerminal = IsTerminal,
        },
        arguments,
        TestContext.Current.CancellationToken);

    public string Write(string name, string content)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_directory.Path, name))!);
        return _directory.Write(name, content);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    private IAnsiConsole Console(StringWriter writer, InteractionSupport interactive = InteractionSupport.No)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = interactive,
        });
        console.Profile.Width = Width;
        return console;
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    private sealed class FakeApplication(CliDriver driver) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
            string? key = request.Headers.TryGetValues("x-functions-key", out IEnumerable<string>? values) ? values.Single() : null;
            Dictionary<string, string> headers = request.Content?.Headers.ToDictionary(h => h.Key, h => h.Value.First()) ?? [];
            driver.Requests.Add(new Request(request.Method, request.RequestUri!, key, body, headers));
            return await driver._responses.Dequeue()(cancellationToken);
        }
    }

    internal sealed record Request(HttpMethod Method, Uri Uri, string? Key, string Body, IReadOnlyDictionary<string, string> Headers);
}

internal static class Samples
{
    public static string Status(string issue, bool active, string outcome, string stage = "auto", string state = "") => $$"""
        {"issue":"{{issue}}","state":"{{state}}","instanceId":"i","runtimeStatus":"{{(active ? "running" : "completed")}}","active":{{(active ? "true" : "false")}},
         "lastRun":{"runId":"x","kind":"run","phase":"half","issue":"{{issue}}","trigger":"manual","requestedStage":"{{stage}}","outcome":"{{outcome}}","reasonCode":"","reason":"because",
           "route":"unified","routeReason":"100 %","flagsRevision":"f1","specialists":["osint-researcher"],"gitHubReads":2,"gitHubWrites":4,"gitHubExtra":0,
           "modelCalls":1,"tokens":900,"dollars":0.0042,"cacheHits":0,"durationMs":2500,"started":"2026-03-01T00:00:00Z","ended":"2026-03-01T00:00:03Z"}
        }
        """;
}
