using System.Diagnostics;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>Starts a child again and again and kills it (SIGKILL) at random moments, start-up included; the last one may finish. What the children did is for the caller to check.</summary>
/// <param name="start">A child; it prints <see cref="Ready"/> once it has begun to work. True for the one that is to finish its work and exit with 0.</param>
public sealed class CrashCampaign(Func<bool, ProcessStartInfo> start, Random random)
{
    public const string Ready = "ready";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>How long a child may work before it is killed, at most.</summary>
    public TimeSpan LongestRun { get; init; } = TimeSpan.FromMilliseconds(450);

    /// <exception cref="InvalidOperationException">A child ended by itself, or the last one not with 0.</exception>
    public async Task RunAsync(int kills, CancellationToken cancellation)
    {
        for (int kill = 0; kill < kills; kill++)
        {
            await RunAndKillAsync(duringStart: random.Next(6) == 0, cancellation);
        }

        using ChildProcess last = ChildProcess.Start(start(true));
        await last.Process.WaitForExitAsync(cancellation).WaitAsync(s_patience, TimeProvider.System, cancellation);
        last.EnsureExitCode(0);
    }

    private async Task RunAndKillAsync(bool duringStart, CancellationToken cancellation)
    {
        using ChildProcess child = ChildProcess.Start(start(false));
        try
        {
            if (!duringStart)
            {
                await child.Ready.WaitAsync(s_patience, TimeProvider.System, cancellation);
            }

            await Task.Delay(LongestRun * random.NextDouble(), TimeProvider.System, cancellation);
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
