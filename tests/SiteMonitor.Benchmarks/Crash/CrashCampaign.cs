using System.Diagnostics;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>
/// Starts a child repeatedly and kills it (SIGKILL) at random moments, including its start; the last one may finish. The caller checks what
/// the children did.
/// </summary>
/// <param name="start">Creates a child, which prints <see cref="Ready"/> when it has begun to work. True for the one that finishes its work
/// and exits with 0.</param>
public sealed class CrashCampaign(Func<bool, ProcessStartInfo> start, Random random)
{
    public const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Longest time that a child works before it is killed.</summary>
    public TimeSpan MaxRunTime { get; init; } = TimeSpan.FromMilliseconds(450);

    /// <exception cref="InvalidOperationException">A child ended by itself, or the last one not with 0.</exception>
    public async Task RunAsync(int kills, CancellationToken cancellation)
    {
        for (int kill = 0; kill < kills; kill++)
        {
            await RunAndKillAsync(duringStart: random.Next(6) == 0, cancellation);
        }

        using ChildProcess last = ChildProcess.Start(start(true));
        await last.Process.WaitForExitAsync(cancellation).WaitAsync(Patience, TimeProvider.System, cancellation);
        last.EnsureExitCode(0);
    }

    private async Task RunAndKillAsync(bool duringStart, CancellationToken cancellation)
    {
        using ChildProcess child = ChildProcess.Start(start(false));
        try
        {
            if (!duringStart)
            {
                await child.Ready.WaitAsync(Patience, TimeProvider.System, cancellation);
            }

            await Task.Delay(MaxRunTime * random.NextDouble(), TimeProvider.System, cancellation);
            if (child.Process.HasExited)
            {
                child.EnsureExitCode(-1);
            }
        }
        finally
        {
            child.Process.Kill();
            await child.Process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
