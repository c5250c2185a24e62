using System.Collections.Concurrent;
using System.Diagnostics;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>The host in its own process, as <c>dotnet dev.cs run</c> starts it.</summary>
internal sealed class HostProcess : IDisposable
{
    public const string ListeningOn = "SiteMonitor listens on ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All output so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Completes when the first issue is being processed.</summary>
    public Task Working => _working.Task;

    /// <summary>Completes with the host's address when it accepts requests.</summary>
    public Task<Uri> Listening => _listening.Task;

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long PeakMemoryBytes => Meter.PeakMemory(_process);

    public static HostProcess Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string?>(), arguments);

    /// <param name="settings">Passed as environment variables, so that no command line shows them.</param>
    public static HostProcess Start(IReadOnlyDictionary<string, string?> settings, IEnumerable<string> arguments) =>
        StartAssembly("SiteMonitor.LocalHost.dll", settings, arguments);

    /// <summary>Starts this program with a command that runs a host.</summary>
    public static HostProcess StartSelf(IReadOnlyDictionary<string, string?> settings, IEnumerable<string> arguments) =>
        StartAssembly("SiteMonitor.Benchmarks.dll", settings, arguments);

    private static HostProcess StartAssembly(string assembly, IReadOnlyDictionary<string, string?> settings, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (string name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string? value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new HostProcess(new Process { StartInfo = start });
    }

    public async Task<int> EndAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Completes when the output contains a text.</summary>
    public async Task WaitForOutputAsync(string text, TimeSpan patience, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
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
        name.StartsWith("GitHub__", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("AzureOpenAI__", StringComparison.OrdinalIgnoreCase);

    private void Read(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (line.StartsWith(ListeningOn, StringComparison.Ordinal))
            {
                _listening.TrySetResult(new Uri(line[ListeningOn.Length..]));
            }

            if (line.EndsWith(" analyzing", StringComparison.Ordinal) || line.Contains("interrupted run(s) continue.", StringComparison.Ordinal))
            {
                _working.TrySetResult();
            }
        }
    }
}
