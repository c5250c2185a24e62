using System.Text;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>A file of lines, each passed to the operating system at once, so that a kill loses none.</summary>
internal sealed class Journal(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public void Write(string line)
    {
        lock (_gate)
        {
            _file.Write(Encoding.ASCII.GetBytes(line + "\n"));
        }
    }

    public static string[] Read(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    public void Dispose() => _file.Dispose();
}
