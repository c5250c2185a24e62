using System.Security.Cryptography;
using System.Text.Json;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>A sandbox run: if interrupted, the next start continues it; a finished one is discarded.</summary>
internal sealed class SandboxSession
{
    private const string FileName = "session.json";

    private readonly DataDirectory _directory;
    private readonly Lock _gate = new();
    private State _state;

    private SandboxSession(DataDirectory directory, State state, bool resumed, DateTimeOffset? discardedRunStarted) =>
        (_directory, _state, IsResumed, DiscardedRunStarted) = (directory, state, resumed, discardedRunStarted);

    public DataDirectory Directory => _directory;

    /// <summary>When the first process of this run started (UTC).</summary>
    public DateTimeOffset Started => _state.Started;

    public string WebhookSecret => _state.WebhookSecret;

    /// <summary>Rollout phase in which this run began.</summary>
    public string Phase => _state.Phase;

    /// <summary>Whether the sandbox was filled from a file, whose copy is in the directory.</summary>
    public bool IsImported => _state.Import is not null;

    /// <summary>Whether the file's issues arrive with their real spacing instead of being there from the start.</summary>
    public bool ReplaysArrivals => _state.ReplaysArrivals;

    /// <summary>How far the clock of this run is ahead of the system clock.</summary>
    public TimeSpan ClockOffset => _state.ClockOffset;

    /// <summary>Whether an earlier process of this run was interrupted.</summary>
    public bool IsResumed { get; }

    /// <summary>Start of the run that this one replaced; null if there was none or <c>--fresh</c> was given.</summary>
    public DateTimeOffset? DiscardedRunStarted { get; }

    /// <param name="directory">Holds nothing but sandbox runs.</param>
    /// <param name="fresh">Discards an existing run.</param>
    /// <param name="phase">Requested initial phase; an interrupted run that began in another one is discarded. Null accepts any.</param>
    /// <param name="import">Requested issues; an interrupted run on other ones is discarded. Null accepts any.</param>
    /// <param name="replaysArrivals">With an import: whether its issues arrive with their real spacing.</param>
    public static SandboxSession Open(
        DataDirectory directory, bool fresh, string? phase, ImportFile? import, DateTimeOffset now, bool replaysArrivals = false)
    {
        State? last = fresh ? null : Read(directory.PathOf(FileName));
        if (last is { Finished: false } && (phase is null || phase == last.Phase)
            && (import is null || (import.Hash == last.Import && replaysArrivals == last.ReplaysArrivals)))
        {
            return new SandboxSession(directory, last, resumed: true, discardedRunStarted: null);
        }

        directory.Empty();
        import?.CopyTo(directory);
        string secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        SandboxSession session = new(
            directory, new State(now, secret, Finished: false, phase ?? FlagsFile.SandboxPhase)
            {
                Import = import?.Hash,
                ReplaysArrivals = replaysArrivals,
            }, resumed: false, discardedRunStarted: last?.Started);
        session.Save();
        return session;
    }

    /// <summary>Records the clock's offset, so that the next process of this run does not go back in time.</summary>
    public void SetClockOffset(TimeSpan offset)
    {
        lock (_gate)
        {
            _state = _state with { ClockOffset = offset };
            Save();
        }
    }

    /// <summary>Records whether all work is done; if it is, the next start begins a new run.</summary>
    public void MarkFinished(bool finished)
    {
        lock (_gate)
        {
            if (_state.Finished != finished)
            {
                _state = _state with { Finished = finished };
                Save();
            }
        }
    }

    private static State? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), HostFilesJson.Default.State) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Save() => _directory.Write(FileName, JsonSerializer.Serialize(_state, HostFilesJson.Default.State));

    internal sealed record State(
        DateTimeOffset Started, string WebhookSecret, bool Finished, string Phase = FlagsFile.SandboxPhase, TimeSpan ClockOffset = default)
    {
        /// <summary>Hash of the imported file; null for the built-in findings.</summary>
        public string? Import { get; set; }

        public bool ReplaysArrivals { get; set; }
    }
}
