using System.ClientModel;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Options;
using OpenAI.Chat;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Traces and measures calls of the model by OpenTelemetry's conventions for generative AI, without prompts and answers.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/gen-ai/</remarks>
internal sealed class ModelTelemetry
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32,
        0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    private static readonly InstrumentAdvice<long> Tokens = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16_384,
        65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864] };

    private readonly AzureOpenAIOptions _options;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;

    public ModelTelemetry(IMeterFactory factory, IOptions<AzureOpenAIOptions> options)
    {
        _options = options.Value;
        Meter meter = factory.Create(SiteMonitorMetrics.MeterName);
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Time of a call of the model.", tags: null, Seconds);
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of a call of the model.", tags: null, Tokens);
    }

    public async Task<ChatCompletion> RunAsync(Func<Task<ChatCompletion>> call)
    {
        TagList tags = new()
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", "azure.ai.openai" },
            { "gen_ai.request.model", _options.Deployment },
            { "server.address", new Uri(_options.Endpoint).Host },
        };
        using Activity? span = Tracing.Source.StartActivity($"chat {_options.Deployment}", ActivityKind.Client, default(ActivityContext), tags);
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            ChatCompletion completion = await call();
            tags.Add("gen_ai.response.model", completion.Model);
            span?.SetTag("gen_ai.response.model", completion.Model)
                .SetTag("gen_ai.response.finish_reasons", new[] { completion.FinishReason.ToString() });
            Count(completion.Usage, tags, span);
            return completion;
        }
        catch (Exception failure)
        {
            string type = failure is ClientResultException { Status: > 0 } answer
                ? answer.Status.ToString(CultureInfo.InvariantCulture)
                : failure.GetType().Name;
            tags.Add("error.type", type);
            span?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            _duration.Record(TimeProvider.System.GetElapsedTime(began).TotalSeconds, tags);
        }
    }

    private void Count(ChatTokenUsage? usage, TagList tags, Activity? span)
    {
        if (usage is not null)
        {
            _tokens.Record(usage.InputTokenCount, [.. tags, new("gen_ai.token.type", "input")]);
            _tokens.Record(usage.OutputTokenCount, [.. tags, new("gen_ai.token.type", "output")]);
            span?.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount).SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
        }
    }
}
