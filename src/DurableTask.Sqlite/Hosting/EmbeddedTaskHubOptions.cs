using System.Text;
using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Settings;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace DurableTask.Sqlite.Hosting;

/// <summary>Settings of <see cref="EmbeddedTaskHub"/>.</summary>
public sealed class EmbeddedTaskHubOptions : SqliteOrchestrationServiceOptions
{
    /// <summary>
    /// Largest input, output or event payload, in bytes of UTF-8 JSON. Default: 4 MiB, the limit of a message in Durable Functions.
    /// </summary>
    public int MaxPayloadBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The version of this worker, and of instances whose start names none (host.json: <c>defaultVersion</c>).</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Which instances this worker runs, by their version.</summary>
    public VersioningSettings.VersionMatchStrategy VersionMatchStrategy { get; set; }

    /// <summary>What happens to an instance that does not match: it waits for a worker that does, or fails.</summary>
    public VersioningSettings.VersionFailureStrategy VersionFailureStrategy { get; set; }

    /// <summary>
    /// How values become JSON. Default: as in the Functions worker (names as written, enums as numbers, any case when reading).
    /// </summary>
    public DataConverter DataConverter { get; set; } = new JsonDataConverter(
        new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    /// <summary>How long a stopping host waits for running activities before it leaves them to the next start. Default: 5 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Describes the exception of an activity to its orchestrator. Default: its type and message, and those of its inner exception.
    /// Replace it to simulate failures that only another host has, such as that of a worker process that died.
    /// </summary>
    public Func<Exception, FailureDetails> DescribeFailure { get; set; } = exception => new FailureDetails(exception);

    /// <summary>Returns the payload.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="MaxPayloadBytes"/>.</exception>
    internal string? CheckSize(string? payload, string what)
    {
        // A UTF-16 unit takes at most three bytes of UTF-8: a short text needs no counting.
        if (payload?.Length > MaxPayloadBytes / 3 && Encoding.UTF8.GetByteCount(payload) is int size && size > MaxPayloadBytes)
        {
            throw new ArgumentException(
                $"The {what} has {size:N0} bytes of JSON; the limit is {MaxPayloadBytes:N0}. Pass a reference to the data instead.");
        }

        return payload;
    }
}
