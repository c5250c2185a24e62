using System.Collections.Concurrent;
using System.Diagnostics;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>The host in a process of its own, as <c>dotnet dev.cs run</c> starts it.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything it said so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Completes when the first issue is being worked on.</summary>
    public Task Working => _working.Task;

    public static HostProcess Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SiteMonitor.LocalHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (string name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        return new HostProcess(new Process { StartInfo = start });
    }

    public async Task<int> EndAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("GitHub__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("AzureOpenAI__", StringComparison.OrdinalIgnoreCase);

    private void Read(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (line.EndsWith(" analyzing", StringComparison.Ordinal) || line.Contains("go on.", StringComparison.Ordinal))
            {
                _working.TrySetResult();
            }
        }
    }
}
