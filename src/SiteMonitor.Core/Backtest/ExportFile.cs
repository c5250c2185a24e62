using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Backtest;

/// <summary>
/// Reads and writes an export of issues in JSON Lines: a header, then one issue per line, so that a large export needs little memory.
/// </summary>
public static class ExportFile
{
    /// <summary>The repository that the built-in set names.</summary>
    public const string EvaluationSetRepository = "octo-org/evaluation-set";

    private const string EvaluationSet = "SiteMonitor.Core.Backtest.evaluation-set.jsonl";

    /// <summary>Opens the built-in set of findings with their right answers, for teams that have no history of their own yet.</summary>
    public static TextReader OpenEvaluationSet() => new StreamReader(
        typeof(ExportFile).Assembly.GetManifestResourceStream(EvaluationSet)
        ?? throw new InvalidOperationException($"The assembly has no resource {EvaluationSet}."));

    /// <summary>Writes a line of an export, with its line end.</summary>
    public static Task WriteAsync(TextWriter writer, ExportHeader header) =>
        writer.WriteAsync(JsonSerializer.Serialize(header, ExportJson.Default.ExportHeader) + "\n");

    /// <inheritdoc cref="WriteAsync(TextWriter, ExportHeader)"/>
    public static Task WriteAsync(TextWriter writer, IssueHistory issue) =>
        writer.WriteAsync(JsonSerializer.Serialize(issue, ExportJson.Default.IssueHistory) + "\n");

    /// <summary>Reads the header, which is the first line.</summary>
    /// <exception cref="ExportException">The file is not an export, or of a newer version.</exception>
    public static async Task<ExportHeader> ReadHeaderAsync(TextReader reader, CancellationToken cancellationToken)
    {
        string line = await reader.ReadLineAsync(cancellationToken) ?? throw new ExportException(1, "the file is empty");
        ExportHeader header = Parse(1, line, ExportJson.Default.ExportHeader);
        return header switch
        {
            { Format: not ExportHeader.FormatName } => throw new ExportException(1, $"format must be '{ExportHeader.FormatName}'"),
            { Version: not ExportHeader.CurrentVersion } => throw new ExportException(
                1, $"version {header.Version} is not known here: this version reads {ExportHeader.CurrentVersion}"),
            _ when !RepositoryRef.TryParse(header.Repository, out _) => throw new ExportException(1, "repository must be owner/name"),
            _ => header,
        };
    }

    /// <summary>Reads the issues that follow the header.</summary>
    /// <exception cref="ExportException">A line cannot be read.</exception>
    public static async IAsyncEnumerable<IssueHistory> ReadIssuesAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<int> numbers = [];
        for (int number = 2; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            IssueHistory issue = Parse(number, line, ExportJson.Default.IssueHistory);
            yield return issue.Number < 1 ? throw new ExportException(number, "number must be 1 or more")
                : !numbers.Add(issue.Number) ? throw new ExportException(number, $"issue {issue.Number} is in the file twice")
                : issue;
        }
    }

    private static T Parse<T>(int number, string line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new ExportException(number, "null is not an object");
        }
        catch (JsonException e)
        {
            throw new ExportException(number, e.Message);
        }
    }
}

/// <summary>The first line of an export.</summary>
public sealed record ExportHeader
{
    public const string FormatName = "site-monitor-export";
    public const int CurrentVersion = 1;

    public string Format { get; set; } = string.Empty;

    public int Version { get; set; }

    /// <summary><c>owner/name</c>.</summary>
    public string Repository { get; set; } = string.Empty;

    /// <summary>The export has the issues that were opened since then; null for all.</summary>
    public DateTimeOffset? Since { get; set; }

    public DateTimeOffset ExportedAt { get; set; }

    /// <summary>Whether logins are pseudonyms and e-mail addresses are removed.</summary>
    public bool IsAnonymised { get; set; }
}

/// <summary>A line of an export that cannot be read.</summary>
/// <param name="line">Counted from 1.</param>
/// <param name="problem">What is wrong, as display text.</param>
public sealed class ExportException(int line, string problem) : Exception($"Line {line} of the export: {problem}.");

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(CamelCaseEnumConverter<CloseReason>), typeof(CamelCaseEnumConverter<PullRequestEnd>)])]
[JsonSerializable(typeof(ExportHeader))]
[JsonSerializable(typeof(IssueHistory))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(BacktestRequest))]
public sealed partial class ExportJson : JsonSerializerContext;
