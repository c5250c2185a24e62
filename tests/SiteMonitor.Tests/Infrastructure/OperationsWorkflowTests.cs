using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Runs the script of the operations workflow with a <c>curl</c> that responds from files.</summary>
public sealed partial class OperationsWorkflowTests : IDisposable
{
    /// <summary>Responds to the n-th call with the file <c>answer-n</c>; a missing file stands for an unreachable server.</summary>
    private const string Curl = """
        #!/bin/sh
        n=$(cat "$ANSWERS/calls" 2>/dev/null || echo 0)
        n=$((n + 1))
        echo $n > "$ANSWERS/calls"
        case "$*" in *--data*) cat > "$ANSWERS/body" ;; esac
        [ -e "$ANSWERS/answer-$n" ] || { echo "curl: (7) refused" >&2; exit 7; }
        cat "$ANSWERS/answer-$n"
        """;

    /// <summary>Fewer than the workflow's own, because each starts five processes.</summary>
    private const int MaxFailedPolls = 3;

    private readonly TestDirectory _directory = new();

    private static string Workflow { get; } =
        RepositoryRoot.Read(".github", "workflows", "ops-unified-pipeline.yml").ReplaceLineEndings("\n");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("succeeded", "", "auto", 0)]
    [InlineData("waiting", "", "auto", 0)]
    [InlineData("failed", "GitHub refused the write", "auto", 1)]
    [InlineData("critical", "labels-not-restored", "auto", 1)]
    [InlineData("skipped", "", "auto", 0)]
    [InlineData("skipped", "", "all", 1)]
    public async Task The_Workflow_Waits_For_The_Runs_End_And_Fails_With_Its_Reason(string outcome, string failure, string stage, int expected)
    {
        string status = $$"""
            {"active":false,"failure":"{{failure}}","lastRun":{"outcome":"{{outcome}}","reason":"because of the labels"} }
            """;

        (int exit, string text) = await RunAsync(stage, dryRun: false, """{"started":true}""", """{"active":true}""", status);

        Assert.Equal(expected, exit);
        string reason = failure.Length > 0 ? failure : "because of the labels";
        Assert.Contains(expected == 0 ? $"{outcome}: {reason}" : $"::error::{outcome}: {reason}", text, StringComparison.Ordinal);
        Assert.Equal("3", await ReadAsync("calls"));
        Assert.Contains($"\"stage\": \"{stage}\"", await ReadAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Pause_In_Which_The_Application_Does_Not_Answer_Is_Waited_For()
    {
        (int exit, string text) = await RunAsync("auto", dryRun: false, """{"started":true}""", null, null, """{"active":false,"lastRun":{"outcome":"succeeded","reason":"r"}}""");

        Assert.True(exit == 0, text);
        Assert.Equal("4", await ReadAsync("calls"));
    }

    [Fact]
    public async Task An_Application_That_Stays_Away_And_A_Refused_Start_Fail_The_Workflow()
    {
        string limit = MaxFailedPollsPattern().Match(Workflow).Groups[1].Value;
        int polls = int.Parse(limit, CultureInfo.InvariantCulture);
        Assert.InRange(polls, 12, 60);

        (int exit, string text) = await RunAsync(polls, "auto", dryRun: false, """{"started":true}""");
        Assert.Equal(1, exit);
        Assert.Contains("::error::The application does not answer", text, StringComparison.Ordinal);
        Assert.Equal($"{1 + polls}", await ReadAsync("calls"));

        (exit, _) = await RunAsync("auto", dryRun: false, (string?)null);
        Assert.NotEqual(0, exit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Sign in</html>")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Something_Else_That_Answers_Fails_The_Workflow(string foreign)
    {
        (int exit, string text) = await RunAsync("auto", dryRun: false, foreign);
        Assert.Equal(1, exit);
        Assert.Contains("::error::Something else answers", text, StringComparison.Ordinal);

        (exit, text) = await RunAsync("auto", dryRun: true, foreign);
        Assert.Equal(1, exit);

        (exit, text) = await RunAsync("auto", dryRun: false, ["""{"started":true}""", .. Enumerable.Repeat(foreign, MaxFailedPolls + 1)]);
        Assert.Equal(1, exit);
        Assert.Contains("::error::The application does not answer", text, StringComparison.Ordinal);
        Assert.Equal($"{1 + MaxFailedPolls}", await ReadAsync("calls"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"lastRun":{"outcome":"succeeded"}}""")]
    [InlineData("""{"active":null,"lastRun":null}""")]
    public async Task A_Status_That_Does_Not_Say_Whether_A_Run_Is_Active_Is_None(string status)
    {
        (int exit, _) = await RunAsync("auto", dryRun: false, ["""{"started":true}""", .. Enumerable.Repeat(status, MaxFailedPolls + 1)]);

        Assert.Equal(1, exit);
        Assert.Equal($"{1 + MaxFailedPolls}", await ReadAsync("calls"));
    }

    [Fact]
    public async Task A_Reason_Of_Several_Lines_Commands_Nothing()
    {
        (int exit, string text) = await RunAsync(
            "auto", dryRun: false, """{"started":true}""", """{"active":false,"lastRun":{"outcome":"waiting","reason":"a\n::add-mask::b\r\n::error::c"}}""");

        Assert.Equal(0, exit);
        Assert.DoesNotContain(text.ReplaceLineEndings("\n").Split('\n'), l => l.StartsWith("::", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Dry_Run_Ends_With_Its_Plan()
    {
        (int exit, string text) = await RunAsync("auto", dryRun: true, """{"plan":{"outcome":"skipped"}}""");

        Assert.True(exit == 0, text);
        Assert.Equal("1", await ReadAsync("calls"));
    }

    private async Task<string> ReadAsync(string name) =>
        (await File.ReadAllTextAsync(Path.Combine(_directory.Path, name), TestContext.Current.CancellationToken)).Trim();

    private Task<(int Exit, string Text)> RunAsync(string stage, bool dryRun, params string?[] answers) =>
        RunAsync(MaxFailedPolls, stage, dryRun, answers);

    private async Task<(int Exit, string Text)> RunAsync(int maxFailedPolls, string stage, bool dryRun, params string?[] answers)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The workflow runs on Linux.");
        Assert.SkipUnless(Programs.IsInstalled("bash") && Programs.IsInstalled("jq"), "bash or jq is not installed.");
        File.Delete(Path.Combine(_directory.Path, "calls"));
        for (int i = 0; i < answers.Length; i++)
        {
            if (answers[i] is { } answer)
            {
                _directory.Write($"answer-{i + 1}", answer);
            }
        }

        string curl = _directory.Write("curl", Curl.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(curl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string script = string.Join('\n', ScriptPattern().Match(Workflow).Groups[1].Value.Split('\n').Select(l => l.Length > 10 ? l[10..] : string.Empty));
        ProcessStartInfo start = new("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            ["ANSWERS"] = _directory.Path,
            ["URL"] = "https://app.example",
            ["KEY"] = "k",
            ["REPOSITORY"] = "o/r",
            ["ISSUE"] = "7",
            ["STAGE"] = stage,
            ["DRY_RUN"] = dryRun ? "true" : "false",
            ["POLL_SECONDS"] = "0",
            ["MAX_FAILED_POLLS"] = maxFailedPolls.ToString(CultureInfo.InvariantCulture),
            ["GITHUB_STEP_SUMMARY"] = Path.Combine(_directory.Path, "summary"),
        })
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    [GeneratedRegex(@"run: \|\n((?:          .*\n|\n)+)")]
    private static partial Regex ScriptPattern();

    [GeneratedRegex(@"MAX_FAILED_POLLS: (\d+)")]
    private static partial Regex MaxFailedPollsPattern();
}
