using System.Globalization;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Tests.Core.Rollout;

internal sealed class MemoryFlagStore(TimeProvider time) : IFlagStore
{
    private readonly Dictionary<string, (string Json, int Version)> _flags = [];
    private int _version;

    public List<string> Writes { get; } = [];

    /// <summary>Asked before each write; a result other than null is the write's.</summary>
    public Func<string, FlagWriteResult?> OnWrite { get; set; } = _ => null;

    public string? Down { get; set; }

    /// <summary>The store answers this write and nothing after it.</summary>
    public string? DownAfterThisWrite { get; set; }

    public string Description => "flags in memory";

    public Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) => Task.FromResult<FlagReadResult>(Down is { } reason
        ? new FlagReadResult.Unavailable(reason)
        : new FlagReadResult.Loaded(new FlagSnapshot(_flags.Select(f => FlagJson.Parse(f.Key, f.Value.Json, f.Value.Version.ToString(CultureInfo.InvariantCulture))), time.GetUtcNow())));

    public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        if (OnWrite(name) is { } result)
        {
            return Task.FromResult(result);
        }

        string? actual = _flags.TryGetValue(name, out (string Json, int Version) flag) ? flag.Version.ToString(CultureInfo.InvariantCulture) : null;
        if (actual != etag)
        {
            return Task.FromResult<FlagWriteResult>(new FlagWriteResult.Conflict());
        }

        Writes.Add(name);
        Down = DownAfterThisWrite ?? Down;
        _flags[name] = (json, ++_version);
        return Task.FromResult<FlagWriteResult>(new FlagWriteResult.Written(_version.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>As somebody would in the portal.</summary>
    public void Set(string name, FlagSetting setting) =>
        _flags[name] = (FlagSettingConverter.Apply(name, _flags.TryGetValue(name, out (string Json, int Version) flag) ? flag.Json : null, setting), ++_version);

    public void Remove(string name) => _flags.Remove(name);

    public void SetRaw(string name, string json) => _flags[name] = (json, ++_version);

    public void Set(IEnumerable<FlagTarget> targets)
    {
        foreach (FlagTarget target in targets)
        {
            Set(target.Flag, target.Setting);
        }
    }
}
