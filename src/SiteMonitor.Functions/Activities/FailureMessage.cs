using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// The details of a failed activity that its orchestrator needs. Durable histories keep only an exception's type and message,
/// so the message is the reason, followed by a line of JSON with the code and what the attempt spent.
/// </summary>
/// <param name="Code">Stable, in kebab case.</param>
/// <param name="Reason">Display text.</param>
/// <param name="Usage">What the failed attempt spent.</param>
internal sealed partial record FailureMessage(string Code, [property: JsonIgnore] string Reason, Usage Usage)
{
    /// <summary>The code of a failure that does not name one.</summary>
    public const string UnexpectedCode = "unexpected";

    public static string Format(PipelineException failure, Usage usage) =>
        $"{failure.Message}\n{JsonSerializer.Serialize(new FailureMessage(failure.Code, string.Empty, usage), Json.Default.FailureMessage)}";

    /// <summary>
    /// Parses a message. One that <see cref="Format"/> did not write has the code <see cref="UnexpectedCode"/> and no usage.
    /// </summary>
    public static FailureMessage Parse(string message)
    {
        int end = message.LastIndexOf("\n{", StringComparison.Ordinal);
        try
        {
            return end >= 0
                && JsonSerializer.Deserialize(message.AsSpan(end + 1),
                    Json.Default.FailureMessage) is { Code: not null, Usage: not null } failure
                ? failure with { Reason = message[..end] }
                : Unexpected(message);
        }
        catch (JsonException)
        {
            return Unexpected(message);
        }
    }

    private static FailureMessage Unexpected(string message) => new(UnexpectedCode, message, Usage.Zero);

    [JsonSerializable(typeof(FailureMessage))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
    private sealed partial class Json : JsonSerializerContext;
}
