using System.Net;
using System.Text.Json;
using SiteMonitor.Cli;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class OldCommandCommandTests : IDisposable
{
    private const string Start = """{"issue":"o/r#7","instanceId":"o:r:7","started":true,"detail":"The run was started.","statusPath":"api/pipeline/issues/o/r/7"}""";
    private readonly CliDriver _cli = new();

    [Fact]
    public async Task A_Deprecated_Command_Runs_And_Warns_On_Standard_Error()
    {
        _cli.Respond(HttpStatusCode.Accepted, $$"""{"command":"process-issues","mode":"deprecated","replacement":"x","notice":"'process-issues' is deprecated. Use: x","start":{{Start}}}""");

        int exit = await _cli.RunAsync("process-issues", "--issue", "o/r#7", "--key", "k");

        Assert.Equal(ExitCode.Ok, exit);
        CliDriver.Request sent = Assert.Single(_cli.Requests);
        Assert.Equal("http://localhost:7071/api/commands/process-issues", sent.Uri.AbsoluteUri);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"repository":"o/r","issue":7,"batchSize":10,"dryRun":false,"operator":"grace"}"""), JsonElement.Parse(sent.Body)));
        Assert.Contains("is deprecated", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("deprecated", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("o/r#7: The run was started.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Batch_Shows_Each_Issue()
    {
        _cli.Respond(HttpStatusCode.Accepted, """{"command":"assign-workflows","mode":"available","replacement":"x","batch":{"started":1,"issues":[{"issue":"o/r#1","instanceId":"o:r:1","result":"started"}]}}""");

        int exit = await _cli.RunAsync("assign-workflows", "--batch-size", "3");

        Assert.Equal((ExitCode.Ok, string.Empty), (exit, _cli.Error));
        Assert.Contains("o/r#1: started", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Removed_Command_Fails_With_Its_Replacement()
    {
        _cli.Respond(HttpStatusCode.Gone, """{"title":"The command has been removed.","status":410,"detail":"Use: process-pipeline --stage preparation."}""", Problem.ContentType);

        int exit = await _cli.RunAsync("process-copilot-issues");

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("process-pipeline --stage preparation", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
