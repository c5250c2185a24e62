using Spectre.Console;
using Spectre.Console.Rendering;

namespace SiteMonitor.Tests.Cli;

/// <summary>A console at which somebody types, each answer ended by Enter.</summary>
internal sealed class TypingConsole(IAnsiConsole inner, string keys) : IAnsiConsole, IAnsiConsoleInput
{
    private readonly Queue<ConsoleKeyInfo> _keys = new(keys.SelectMany(k => (ConsoleKeyInfo[])[new(k, ConsoleKey.None, false, false, false), new('\r', ConsoleKey.Enter, false, false, false)]));

    public Profile Profile => inner.Profile;

    public IAnsiConsoleCursor Cursor => inner.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => inner.ExclusivityMode;

    public RenderPipeline Pipeline => inner.Pipeline;

    public void Clear(bool home) => inner.Clear(home);

    public void Write(IRenderable renderable) => inner.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => inner.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) => _keys.Dequeue();

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult<ConsoleKeyInfo?>(_keys.Dequeue());
}
