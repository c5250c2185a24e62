using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Cli.Api;

/// <summary>Commands whose address belongs to something else, or whose key, connection or output does not work: one message, no stack trace.</summary>
public sealed class UnexpectedResponseTests : IDisposable
{
    private readonly CliDriver _cli = new();

    public static TheoryData<string> Reading =>
    [
        "status", "status --issue o/r#7", "doctor", "run list", "run view abc", "report", "compare", "rollout status", "rollout gate",
        "rollout history", "rollout forecast", "incidents list", "incidents view INC-1",
    ];

    public void Dispose() => _cli.Dispose();

    [Theory]
    [MemberData(nameof(Reading))]
    [InlineData("incidents post-mortem INC-1")]
    public async Task A_Web_Page_Is_Not_Taken_For_The_Application(string command)
    {
        _cli.Respond(HttpStatusCode.OK, "<!doctype html><title>Sign in</title>", "text/html");

        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync(command.Split(' ')));
        Assert.Empty(_cli.Out);
        Assert.Contains("in the application's place (status 200)", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task Json_Of_Another_Service_Is_Not_Taken_For_The_Applications(string command)
    {
        foreach (string body in (string[])["null", "\"x\"", "7", "", "{\"phase\":\"ha"])
        {
            _cli.Respond(HttpStatusCode.OK, body);

            Assert.Equal((body, ExitCode.Unreachable), (body, await _cli.RunAsync(command.Split(' '))));
        }

        Assert.Empty(_cli.Out);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently, "https://app.example/api/rollout", "to https://app.example/api/rollout.")]
    [InlineData(HttpStatusCode.Found, "https://login.example/authorize?x=1", "to https://login.example/authorize?x=1.")]
    [InlineData(HttpStatusCode.TemporaryRedirect, "/.auth/login", "to http://app.example/.auth/login.")]
    public async Task A_Redirect_Says_Where_To_And_Is_Not_Followed(HttpStatusCode status, string location, string said)
    {
        _cli.Redirect(status, location);

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("rollout", "status", "--url", "http://app.example", "--key", "secret-key"));
        Assert.Contains(said, _cli.Error, StringComparison.Ordinal);
        Assert.Single(_cli.Requests);
    }

    [Theory]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=\"")]
    [InlineData("nonsense")]
    public async Task The_Content_Types_Encoding_Does_Not_Matter(string contentType)
    {
        byte[] body = [.. Encoding.UTF8.Preamble, .. """{"status":"ok","version":"2.0.0","checks":[]}"""u8];
        _cli.RespondAs(contentType, body);

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("status", "--json"));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "Function host is not running.", "text/plain")]
    [InlineData(HttpStatusCode.BadGateway, "<html>", "text/html")]
    [InlineData(HttpStatusCode.GatewayTimeout, "", "text/plain")]
    [InlineData(HttpStatusCode.Forbidden, "<html>This web app is stopped.</html>", "text/html")]
    public async Task A_Rollback_Goes_On_Trying_While_A_Front_End_Answers_For_The_Application(HttpStatusCode status, string body, string type)
    {
        for (int i = 0; i < 20; i++)
        {
            _cli.Respond(status, body, type);
        }

        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(new OperationResult { Code = OperationResult.DoneCode, Title = "Rolled back.", Next = "none" }));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync(new FakeTimeProvider(), "rollout", "rollback", "--yes", "--url", "https://app.example"));
        Assert.Contains("az appconfig feature disable", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prod-", "eu", "--feature prod-UnifiedPipeline.Analysis --label eu", "--feature prod-UnifiedPipeline.Analysis.Fallback --label eu")]
    [InlineData("", "eu west", "--feature UnifiedPipeline.Analysis --label \"eu west\"", "--feature UnifiedPipeline.Analysis.Fallback --label \"eu west\"")]
    [InlineData(" ", "", "--feature UnifiedPipeline.Analysis", "--feature UnifiedPipeline.Analysis.Fallback")]
    public async Task The_Command_For_The_Store_Has_The_Prefix_And_Label_Of_The_Settings(string prefix, string label, string off, string on)
    {
        _cli.Environment["AppConfiguration__Prefix"] = prefix;
        _cli.Environment["AppConfiguration__Label"] = label;
        for (int i = 0; i < 20; i++)
        {
            _cli.Fail(new HttpRequestException("refused"));
        }

        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(new OperationResult { Code = OperationResult.DoneCode, Title = "Rolled back.", Next = "none" }));
        await _cli.RunAsync(new FakeTimeProvider(), "rollout", "rollback", "--yes", "--stage", "analysis", "--url", "https://app.example");

        string[] commands = [.. _cli.Error.ReplaceLineEndings("\n").Split('\n').Where(l => l.StartsWith("  az ", StringComparison.Ordinal))];
        Assert.Equal(2, commands.Length);
        Assert.EndsWith(off, commands[0], StringComparison.Ordinal);
        Assert.EndsWith(on, commands[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc\r\n", "abc")]
    [InlineData("  abc", "abc")]
    public async Task Line_Ends_Around_The_Key_Are_Dropped(string given, string sent)
    {
        _cli.Environment["SITEMONITOR_KEY"] = given;
        await _cli.Respond(HttpStatusCode.OK, """{"status":"ok","version":"2.0.0","checks":[]}""").RunAsync("status", "--json");

        Assert.Equal(sent, _cli.Requests.Single().Key);
    }

    [Theory]
    [InlineData("ab\ncd")]
    [InlineData("schlüssel")]
    [InlineData("ab cd")]
    [InlineData("ab\0")]
    public async Task A_Key_That_Can_Be_None_Is_Refused_Before_It_Is_Sent(string key)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("status", "--key", key));
        Assert.Empty(_cli.Requests);
        Assert.DoesNotContain(key, _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.SecureConnectionError, "The SSL connection could not be established, see inner exception.", "corrupted frame", "http://")]
    [InlineData(HttpRequestError.ResponseEnded, "An error occurred while sending the request.", "ended prematurely", "https://")]
    [InlineData(HttpRequestError.InvalidResponse, "An error occurred while sending the request.", "invalid status line", "Check the port")]
    public async Task A_Failed_Connection_Names_Its_Cause_And_What_To_Check(HttpRequestError error, string message, string cause, string advice)
    {
        _cli.Fail(new HttpRequestException(error, message, new IOException($"The response {cause}.")));

        Assert.Equal(ExitCode.Unreachable, await _cli.RunAsync("status"));
        Assert.Contains(cause, _cli.Error, StringComparison.Ordinal);
        Assert.Contains(advice, _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollout", "--help")]
    [InlineData("rollout", "plan", "show")]
    [InlineData("status")]
    [InlineData("status", "--json")]
    public async Task A_Full_Output_Is_Said_In_One_Line(params string[] command)
    {
        _cli.IsOutputFull = true;
        _cli.Respond(HttpStatusCode.OK, """{"status":"degraded","version":"2.0.0","checks":[]}""");

        Assert.Equal(ExitCode.Failed, await _cli.RunAsync(command));
        Assert.Equal("The output cannot be written (No space left on device).", _cli.Error.Trim());
    }
}
