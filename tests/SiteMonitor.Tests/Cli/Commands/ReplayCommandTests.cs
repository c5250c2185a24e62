using System.Net;
using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private const string Payload = "{\"action\":\"labeled\",\r\n \"issue\":{\"number\":7}}";
    private readonly CliDriver _cli = new();

    [Fact]
    public async Task A_Byte_Order_Mark_Is_Not_Part_Of_The_Delivery()
    {
        string file = _cli.Write("delivery.json", "\ufeff{\"zen\":\"x\"}");
        _cli.Respond(HttpStatusCode.OK, """{"instanceId":null,"reason":"pong"}""");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("replay", file, "--secret", "s"));
        Assert.Equal("{\"zen\":\"x\"}", _cli.Requests.Single().Body);
    }

    [Fact]
    public async Task A_Directory_Is_Named_As_Such()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("replay", _cli.Directory, "--secret", "s"));
        Assert.Contains("is a directory", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Saved_Payload_Is_Sent_Byte_For_Byte_And_Signed()
    {
        string file = _cli.Write("delivery.json", Payload);

        int exit = await _cli.Respond(HttpStatusCode.Accepted, """{"instanceId":"o:r:7","reason":"started"}""").RunAsync("replay", file, "--secret", "s3cret", "--delivery", "d-1");

        CliDriver.Request request = _cli.Requests.Single();
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("http://localhost:7071/api/github/webhook", request.Uri.AbsoluteUri);
        Assert.Equal(Payload, request.Body);
        Assert.Equal(["issues", "d-1", Signature(Payload, "s3cret")], Headers(request));
        Assert.Contains("o:r:7", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Delivery_That_The_Last_Run_Has_Seen_Starts_Nothing()
    {
        string file = _cli.Write("delivery.json", Payload);
        _cli.Respond(HttpStatusCode.OK, """{"instanceId":"o:r:7","reason":"The last run has seen what this delivery shows."}""");

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("replay", file, "--secret", "s3cret"));

        Assert.Contains("nothing was started", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("processes it", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Headers_Before_The_Payload_Name_Event_And_Delivery(string newLine)
    {
        string file = _cli.Write("delivery.txt", $"Request method: POST{newLine}X-GitHub-Delivery: d-2{newLine}X-GitHub-Event: ping{newLine}{newLine}{Payload}");
        _cli.Environment["GitHub__WebhookSecret"] = "from-environment";

        await _cli.Respond(HttpStatusCode.OK, """{"reason":"pong"}""").RunAsync("replay", file);

        Assert.Equal(["ping", "d-2", Signature(Payload, "from-environment")], Headers(_cli.Requests.Single()));
        Assert.Contains("200 pong", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Sandboxs_Secret_Is_Found_On_This_Machine()
    {
        _cli.Write(".sitemonitor/running.json", """{"url":"http://127.0.0.1:7999","webhookSecret":"sandbox"}""");
        string file = _cli.Write("delivery.json", """{"zen":"x"}""");

        await _cli.Respond(HttpStatusCode.OK, """{"reason":"pong"}""").RunAsync("replay", file);

        Assert.Equal(Signature("""{"zen":"x"}""", "sandbox"), Headers(_cli.Requests.Single())[2]);
    }

    [Theory]
    [InlineData("""{"neither":1}""", "--event")]
    [InlineData("[1]", "is not a delivery")]
    [InlineData("X-GitHub-Event: ping", "is not a delivery")]
    public async Task A_File_That_Is_No_Delivery_Is_Refused_With_The_Reason(string content, string expected)
    {
        string file = _cli.Write("delivery.json", content);

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("replay", file, "--secret", "s"));
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Missing_File_Or_Secret_Is_Refused_With_The_Reason()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("replay", Path.Combine(_cli.Directory, "none.json"), "--secret", "s"));
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("replay", _cli.Write("delivery.json", Payload)));
        Assert.Contains("--secret", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static string Signature(string body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private static string[] Headers(CliDriver.Request request) =>
        [.. new[] { "X-GitHub-Event", "X-GitHub-Delivery", "X-Hub-Signature-256" }.Select(h => request.Headers[h])];
}
