using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.Storage;

/// <summary>
/// Stores the facts of a past day in one blob. It is derived from the day's ledger blob: deleted or outdated, it is written again, and
/// instances that write it at the same time write prefixes of the same ledger.
/// </summary>
internal sealed partial class FactsBlob(LedgerContainer container, DateOnly day, SharedTexts texts, ILogger logger)
    : ILineSummary<IRunFacts>
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"facts/{RunFacts.FormatVersion}/{day:yyyy/MM/dd}");

    public async Task<LineSummary<IRunFacts>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult found = await (await OpenAsync(cancellationToken)).DownloadContentAsync(cancellationToken);
            using BinaryReader reader = new(found.Content.ToStream());
            long length = reader.ReadInt64();
            int lines = reader.ReadInt32();
            IRunFacts[] facts = new IRunFacts[reader.ReadInt32()];
            for (int i = 0; i < facts.Length; i++)
            {
                facts[i] = RunFacts.Read(reader, texts.Share);
            }

            return new LineSummary<IRunFacts>(length, lines, facts);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (Exception damaged) when (damaged is IOException or FormatException or ArgumentException or OverflowException)
        {
            Log.Damaged(logger, _name, damaged.Message);
            return null;
        }
    }

    public async Task WriteAsync(LineSummary<IRunFacts> summary, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(summary.Length);
            writer.Write(summary.Lines);
            writer.Write(summary.Items.Count);
            foreach (IRunFacts facts in summary.Items)
            {
                RunFacts.Write(writer, facts);
            }
        }

        try
        {
            bytes.Position = 0;
            await (await OpenAsync(cancellationToken)).UploadAsync(bytes, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException failure)
        {
            Log.NotWritten(logger, _name, failure.Status, failure.ErrorCode ?? "no code");
        }
    }

    private async Task<BlobClient> OpenAsync(CancellationToken cancellationToken) =>
        (await container.OpenAsync(cancellationToken)).GetBlobClient(_name);

    private static partial class Log
    {
        [LoggerMessage(4122, LogLevel.Warning, "{Blob} cannot be read and is derived from the ledger again: {Problem}")]
        public static partial void Damaged(ILogger logger, string blob, string problem);

        [LoggerMessage(4123, LogLevel.Warning, "{Blob} was not written ({Status} {Code}): until it is, the first figures after a start " +
            "take longer.")]
        public static partial void NotWritten(ILogger logger, string blob, int status, string code);
    }
}
