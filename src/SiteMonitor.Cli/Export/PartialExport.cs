using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Export;

/// <summary>
/// An export that is being written. <c>FILE.part</c> has the issues so far, <c>FILE.resume</c> where the next run continues; both are gone
/// once the export is finished. Whatever a killed process wrote after the last complete page is dropped.
/// </summary>
internal sealed class PartialExport : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly StreamWriter _writer;
    private readonly ExportAnonymiser? _anonymiser;
    private ExportPosition _position;

    private PartialExport(string path, FileStream stream, ExportHeader header, ExportPosition position, bool isResumed)
    {
        (_path, _stream, Header, _position, IsResumed) = (path, stream, header, position, isResumed);
        _writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        _anonymiser = position.Key is { } key
            ? new ExportAnonymiser(Convert.FromHexString(key), RepositoryRef.Parse(header.Repository))
            : null;
    }

    public ExportHeader Header { get; }

    public ExportPosition Position => _position;

    /// <summary>Whether an earlier run began it.</summary>
    public bool IsResumed { get; }

    /// <summary>Continues the unfinished export of the file if it is the same one; else begins it.</summary>
    /// <param name="since">The option as given: <c>90d</c> means the day on which the export began.</param>
    /// <param name="force">Discards an unfinished export that is another one.</param>
    /// <exception cref="UsageException">The file cannot be written, or an unfinished export with other options exists.</exception>
    public static async Task<PartialExport> OpenAsync(
        string path, ExportHeader wanted, string since, bool force, CancellationToken cancellationToken)
    {
        FileStream stream = Open(PartOf(path));
        try
        {
            if (ReadPosition(path) is { } position && stream.Length >= position.Length)
            {
                ExportHeader header = await ReadHeaderAsync(stream, cancellationToken);
                if (IsSame(header, wanted) && position.Since == since)
                {
                    stream.SetLength(position.Length);
                    stream.Seek(0, SeekOrigin.End);
                    return new PartialExport(path, stream, header, position, isResumed: true);
                }

                if (!force)
                {
                    throw new UsageException(
                        $"--out: {PartOf(path)} is an unfinished export of {header.Repository} with other options. " +
                        "Finish it with its own, give another name, or discard it with --force.");
                }
            }

            File.Delete(PositionOf(path));
            stream.SetLength(0);
            string? key = wanted.IsAnonymised ? Convert.ToHexString(ExportAnonymiser.CreateKey()) : null;
            PartialExport export = new(path, stream, wanted, new ExportPosition { Since = since, Key = key }, isResumed: false);
            await ExportFile.WriteAsync(export._writer, wanted);
            await export.SaveAsync(export._position, cancellationToken);
            return export;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a page; once this returns, a later run continues after it.</summary>
    public async Task AppendAsync(HistoryPage page, CancellationToken cancellationToken)
    {
        foreach (IssueHistory issue in page.Issues)
        {
            await ExportFile.WriteAsync(_writer, _anonymiser?.Anonymise(issue) ?? issue);
        }

        await SaveAsync(
            _position with
            {
                Next = page.Next,
                IsComplete = page.Next is null,
                Issues = _position.Issues + page.Issues.Count,
                Open = _position.Open + page.Issues.Count(i => i.ClosedAt is null),
                Total = page.Total,
            },
            cancellationToken);
    }

    /// <summary>Gives the complete export its name.</summary>
    public async Task FinishAsync()
    {
        await DisposeAsync();
        File.Move(PartOf(_path), _path, overwrite: true);
        File.Delete(PositionOf(_path));
    }

    /// <summary>Closes the files, and deletes them if not even one page was written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stream.CanWrite)
        {
            await _writer.DisposeAsync();
            await _stream.DisposeAsync();
            if (_position is { IsComplete: false, Next: null })
            {
                File.Delete(PartOf(_path));
                File.Delete(PositionOf(_path));
            }
        }
    }

    private static string PartOf(string path) => path + ".part";

    private static string PositionOf(string path) => path + ".resume";

    /// <summary>Opens a file that only its user can read, and no other process meanwhile.</summary>
    private static FileStream Open(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static ExportPosition? ReadPosition(string path)
    {
        try
        {
            return File.Exists(PositionOf(path))
                ? JsonSerializer.Deserialize(File.ReadAllBytes(PositionOf(path)), ExportPositionJson.Default.ExportPosition)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<ExportHeader> ReadHeaderAsync(FileStream stream, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        return await ExportFile.ReadHeaderAsync(reader, cancellationToken);
    }

    private static bool IsSame(ExportHeader header, ExportHeader wanted) =>
        header.Repository.Equals(wanted.Repository, StringComparison.OrdinalIgnoreCase) && header.IsAnonymised == wanted.IsAnonymised;

    /// <summary>Makes what was written last a part of the export, even if the machine fails afterwards.</summary>
    private async Task SaveAsync(ExportPosition position, CancellationToken cancellationToken)
    {
        await _writer.FlushAsync(cancellationToken);
        _stream.Flush(flushToDisk: true);
        _position = position with { Length = _stream.Length };
        string temporary = PositionOf(_path) + ".new";
        await using (FileStream file = Open(temporary))
        {
            file.SetLength(0);
            await JsonSerializer.SerializeAsync(file, _position, ExportPositionJson.Default.ExportPosition, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, PositionOf(_path), overwrite: true);
    }
}

/// <summary>How far an unfinished export has come.</summary>
internal sealed record ExportPosition
{
    /// <summary>The option <c>--since</c> as given; empty without it.</summary>
    public string Since { get; set; } = string.Empty;

    /// <summary>The next page; null for the first, and after the last.</summary>
    public string? Next { get; set; }

    public bool IsComplete { get; set; }

    /// <summary>Bytes of the file that belong to complete pages.</summary>
    public long Length { get; set; }

    public int Issues { get; set; }

    public int Open { get; set; }

    /// <summary>Issues that the export will have, as far as is known.</summary>
    public int Total { get; set; }

    /// <summary>The key of the pseudonyms in hexadecimal digits, kept only until the export is finished; null where names stay.</summary>
    public string? Key { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ExportPosition))]
internal sealed partial class ExportPositionJson : JsonSerializerContext;
