using System.Diagnostics;
using System.Text;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>A child process whose output is kept for error messages.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process)
    {
        Process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Process Process { get; }

    public Task Ready => _ready.Task;

    public static ChildProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new ChildProcess(Process.Start(start)!);
    }

    public void EnsureExitCode(int expected)
    {
        if (Process.ExitCode != expected)
        {
            lock (_output)
            {
                throw new InvalidOperationException($"The child ended with {Process.ExitCode}:\n{_output}");
            }
        }
    }

    public void Dispose()
    {
        Process.Kill();
        Process.Dispose();
    }

    private void Read(string? line)
    {
        if (line == CrashCampaign.Ready)
        {
            _ready.TrySetResult();
        }

        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
