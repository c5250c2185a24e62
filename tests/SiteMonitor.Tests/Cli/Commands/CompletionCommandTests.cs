using SiteMonitor.Cli;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class CompletionCommandTests : IDisposable
{
    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("bash", "complete -o default -F _sitemonitor sitemonitor")]
    [InlineData("zsh", "compdef _sitemonitor sitemonitor")]
    [InlineData("fish", "complete -c sitemonitor")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Each_Shell_Has_A_Script_That_Asks_The_Program(string shell, string registers)
    {
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("completion", shell));

        Assert.Contains(registers, _cli.Out, StringComparison.Ordinal);
        Assert.Contains("[suggest:", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollout st", "status")]
    [InlineData("rollout adv", "advance")]
    [InlineData("report no", "note")]
    [InlineData("report note cov", "coverage")]
    [InlineData("run list --rou", "--route")]
    [InlineData("run list --route uni", "unified")]
    public async Task The_Program_Suggests_What_Can_Come_Next(string line, string suggestion)
    {
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync($"[suggest:{line.Length}]", line));

        Assert.Contains(suggestion, _cli.Out.ReplaceLineEndings("\n").Split('\n'));
        Assert.Empty(_cli.Requests);
    }
}
