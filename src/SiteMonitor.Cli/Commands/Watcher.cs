using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Adds <c>--watch</c> to a command that reads: it repeats until its end is reached or the user interrupts it.</summary>
internal sealed class Watcher(string description)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Option<bool> _watch = new("--watch", "-w") { Description = description };

    public void AddTo(Command command) => command.Options.Add(_watch);

    /// <summary>Reads and shows a value, once or repeatedly; a missing answer is shown and tolerated.</summary>
    /// <returns>The exit code of the last value or problem shown.</returns>
    public async Task<int> RunAsync<T>(
        CommandContext context,
        Func<CancellationToken, Task<ApiResponse<T>>> readAsync,
        Action<IAnsiConsole, T> write,
        Func<T, int> getExitCode,
        Func<T, bool> isEnd,
        CancellationToken cancellationToken)
        where T : class
    {
        bool isWatching = context.Arguments.GetValue(_watch);
        while (true)
        {
            try
            {
                ApiResponse<T> response = await readAsync(cancellationToken);
                if (isWatching && context.Terminal.Out.Profile.Capabilities.Interactive)
                {
                    context.Terminal.Out.Clear(home: true);
                }

                int exitCode = context.Show(response, write, getExitCode);
                if (!isWatching || (response.Value is { } value ? isEnd(value) : (int)response.Status < 500))
                {
                    return exitCode;
                }
            }
            catch (UnreachableException e) when (isWatching)
            {
                context.Terminal.Error.WriteStyledLine($"[red]{e.Message}[/] Trying again.");
            }

            await Task.Delay(Interval, context.Terminal.Time, cancellationToken);
        }
    }
}
