using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>The facts of one ledger record, which can be stored in about 150 bytes and read back without parsing JSON.</summary>
public sealed class RunFacts : IRunFacts
{
    /// <summary>
    /// Version of the stored facts; increase it when their format or their derivation changes. Stores with another version derive the facts
    /// from the ledger again.
    /// </summary>
    public const int FormatVersion = 1;

    private readonly Logic? _route;
    private readonly bool? _isTransitionValid;

    // Most run ids are GUIDs, which take a third of the memory of their text. Those of records that several instances may write are not.
    private readonly Guid _guid;
    private readonly string? _runId;
    private readonly PackedStages _stages;

    private RunFacts(IRunFacts source, Func<string, string> share)
    {
        (Kind, Issue, Outcome) = (source.Kind, source.Issue, source.Outcome);
        (_guid, _runId) = PackId(source.RunId);
        (RequestedStage, Phase) = (share(source.RequestedStage), share(source.Phase));
        (ReasonCode, Reason, ContentType) = (share(source.ReasonCode), share(source.Reason), share(source.ContentType));
        (_stages, Specialists, Usage) = (new PackedStages(source.Stages), ShareList([.. source.Specialists], share), source.Usage);
        (ManualIntervention, RanUnified, DurationMs) = (source.ManualIntervention, source.RanUnified, source.DurationMs);
        (Started, Ended) = (source.Started.ToUniversalTime(), source.Ended.ToUniversalTime());
        (_route, _isTransitionValid) = (source.Route, source.IsTransitionValid);
    }

    private RunFacts(BinaryReader reader, Func<string, string> share)
    {
        Kind = (RunKind)reader.ReadByte();
        Outcome = (RunOutcome)reader.ReadByte();
        _route = reader.ReadByte() is > 0 and var route ? (Logic)(route - 1) : null;
        _isTransitionValid = reader.ReadByte() switch
        {
            0 => null,
            var right => right == 2,
        };
        (ManualIntervention, RanUnified) = (reader.ReadBoolean(), reader.ReadBoolean());
        (_guid, _runId) = PackId(reader.ReadString());
        Issue = reader.ReadString();
        (RequestedStage, Phase) = (share(reader.ReadString()), share(reader.ReadString()));
        (ReasonCode, Reason, ContentType) = (share(reader.ReadString()), share(reader.ReadString()), share(reader.ReadString()));
        (Specialists, _stages, Usage) = (ShareList(ReadStrings(reader), share), new PackedStages(ReadStages(reader)), ReadUsage(reader));
        DurationMs = reader.Read7BitEncodedInt64();
        Started = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        Ended = Started.AddTicks(reader.Read7BitEncodedInt64());
    }

    public RunKind Kind { get; }

    public string RunId => _runId ?? _guid.ToString("N");

    public string Issue { get; }

    public string RequestedStage { get; }

    public IReadOnlyList<StageRecord> Stages => _stages.Unpack();

    public Logic? Route => _route;

    public string Phase { get; }

    public RunOutcome Outcome { get; }

    public string ReasonCode { get; }

    public string Reason { get; }

    public IReadOnlyList<string> Specialists { get; }

    public string ContentType { get; }

    public bool ManualIntervention { get; }

    public Usage Usage { get; }

    public long DurationMs { get; }

    public DateTimeOffset Started { get; }

    public DateTimeOffset Ended { get; }

    public bool RanUnified { get; }

    public bool? IsTransitionValid => _isTransitionValid;

    /// <summary>The order of the ledger: by start, then by run id.</summary>
    public static IComparer<IRunFacts> LedgerOrder { get; } = Comparer<IRunFacts>.Create((left, right) =>
        left.Started.CompareTo(right.Started) is not 0 and var byStart ? byStart : string.CompareOrdinal(left.RunId, right.RunId));

    /// <param name="share">Returns one instance for equal texts that many records have in common.</param>
    public static RunFacts From(IRunFacts record, Func<string, string> share) => new(record, share);

    /// <inheritdoc cref="From"/>
    public static RunFacts Read(BinaryReader reader, Func<string, string> share) => new(reader, share);

    public static void Write(BinaryWriter writer, IRunFacts facts)
    {
        writer.Write((byte)facts.Kind);
        writer.Write((byte)facts.Outcome);
        writer.Write((byte)(facts.Route is { } route ? (int)route + 1 : 0));
        writer.Write((byte)(facts.IsTransitionValid is { } isValid ? isValid ? 2 : 1 : 0));
        writer.Write(facts.ManualIntervention);
        writer.Write(facts.RanUnified);
        foreach (string text in (ReadOnlySpan<string>)[facts.RunId, facts.Issue, facts.RequestedStage, facts.Phase, facts.ReasonCode,
            facts.Reason, facts.ContentType])
        {
            writer.Write(text);
        }

        writer.Write7BitEncodedInt(facts.Specialists.Count);
        foreach (string specialist in facts.Specialists)
        {
            writer.Write(specialist);
        }

        writer.Write7BitEncodedInt(facts.Stages.Count);
        foreach (StageRecord stage in facts.Stages)
        {
            writer.Write((byte)stage.Stage);
            writer.Write((byte)stage.Logic);
            writer.Write((byte)stage.Outcome);
            writer.Write7BitEncodedInt64(stage.Ms);
        }

        WriteUsage(writer, facts.Usage);
        writer.Write7BitEncodedInt64(facts.DurationMs);
        writer.Write(facts.Started.UtcTicks);
        writer.Write7BitEncodedInt64(facts.Ended.UtcTicks - facts.Started.UtcTicks);
    }

    private static (Guid Guid, string? Text) PackId(string runId) =>
        Guid.TryParseExact(runId, "N", out Guid guid) && guid.ToString("N") == runId ? (guid, null) : (Guid.Empty, runId);

    private static string[] ReadStrings(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        string[] texts = count == 0 ? [] : new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = reader.ReadString();
        }

        return texts;
    }

    private static string[] ShareList(string[] texts, Func<string, string> share)
    {
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = share(texts[i]);
        }

        return texts;
    }

    private static StageRecord[] ReadStages(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        StageRecord[] stages = count == 0 ? [] : new StageRecord[count];
        for (int i = 0; i < count; i++)
        {
            stages[i] = new StageRecord(
                (Stage)reader.ReadByte(), (Logic)reader.ReadByte(), (RunOutcome)reader.ReadByte(), reader.Read7BitEncodedInt64());
        }

        return stages;
    }

    private static void WriteUsage(BinaryWriter writer, Usage usage)
    {
        bool isZero = usage == Usage.Zero;
        writer.Write(isZero);
        if (isZero)
        {
            return;
        }

        foreach (int count in (ReadOnlySpan<int>)[usage.GitHubReads, usage.GitHubWrites, usage.GitHubExtra, usage.ModelCalls,
            usage.PromptTokens, usage.CompletionTokens, usage.CacheHits, usage.CopilotSessions])
        {
            writer.Write7BitEncodedInt(count);
        }

        writer.Write7BitEncodedInt64(usage.WaitMs);
        writer.Write(usage.Dollars);
    }

    private static Usage ReadUsage(BinaryReader reader) => reader.ReadBoolean() ? Usage.Zero : new Usage
    {
        GitHubReads = reader.Read7BitEncodedInt(),
        GitHubWrites = reader.Read7BitEncodedInt(),
        GitHubExtra = reader.Read7BitEncodedInt(),
        ModelCalls = reader.Read7BitEncodedInt(),
        PromptTokens = reader.Read7BitEncodedInt(),
        CompletionTokens = reader.Read7BitEncodedInt(),
        CacheHits = reader.Read7BitEncodedInt(),
        CopilotSessions = reader.Read7BitEncodedInt(),
        WaitMs = reader.Read7BitEncodedInt64(),
        Dollars = reader.ReadDecimal(),
    };
}
