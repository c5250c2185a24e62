using System.ClientModel;
using Microsoft.Extensions.Options;
using OpenAI.Chat;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Asks the model, and once more with an explanation if its response is invalid.</summary>
internal sealed class ModelConversation(ChatClients clients, ModelTelemetry telemetry, IOptions<AzureOpenAIOptions> options)
{
    /// <summary>Any constant value makes responses more reproducible.</summary>
    private const long Seed = 20250101;

    /// <exception cref="ClientResultException">The service refused or failed.</exception>
    public Task<ModelResult> AskAsync(AnalysisPrompt prompt, SpecialistCatalogue catalogue) =>
        AskAsync(clients.Client, prompt, catalogue);

    /// <summary>Asks past the circuit breaker, which the requests of other texts may have opened.</summary>
    /// <exception cref="ClientResultException">The service refused or failed.</exception>
    public Task<ModelResult> AskWithoutBreakerAsync(AnalysisPrompt prompt, SpecialistCatalogue catalogue) =>
        AskAsync(clients.WithoutBreaker, prompt, catalogue);

    /// <summary>Sends a prompt once, past the circuit breaker.</summary>
    /// <exception cref="ClientResultException">The service refused or failed.</exception>
    public async Task ProbeAsync(AnalysisPrompt prompt, CancellationToken cancellationToken) => Count(await telemetry.RunAsync(
        async () => (await clients.Probe.CompleteChatAsync(
            [new SystemChatMessage(prompt.System), new UserChatMessage(prompt.User)], Settings(prompt), cancellationToken)).Value));

    private async Task<ModelResult> AskAsync(ChatClient client, AnalysisPrompt prompt, SpecialistCatalogue catalogue)
    {
        using CancellationTokenSource patience = new(options.Value.TotalTimeout, TimeProvider.System);
        List<ChatMessage> messages = [new SystemChatMessage(prompt.System), new UserChatMessage(prompt.User)];
        Reply first = await CompleteAsync(client, messages, prompt, catalogue, patience.Token);
        if (first.Final is { } settled)
        {
            return settled;
        }

        messages.Add(new AssistantChatMessage(first.Text.Length > 0 ? first.Text : "(nothing)"));
        messages.Add(new UserChatMessage(
            $"That answer cannot be used: {first.Problem}. Answer again, only with the JSON object of the given schema, and briefly."));
        Reply second = await CompleteAsync(client, messages, prompt, catalogue, patience.Token);
        return second.Final
            ?? new ModelResult(ModelResultStatus.Malformed, null,
                $"The model's answer did not fit the schema, also when asked again: {second.Problem}.");
    }

    private async Task<Reply> CompleteAsync(
        ChatClient client, List<ChatMessage> messages, AnalysisPrompt prompt, SpecialistCatalogue catalogue,
        CancellationToken cancellationToken)
    {
        ChatCompletion completion;
        try
        {
            completion = await telemetry.RunAsync(
                async () => (await client.CompleteChatAsync(messages, Settings(prompt), cancellationToken)).Value);
        }
        catch (ClientResultException error) when (ModelRefusal.Describe(error) is { } refusal)
        {
            return Refused(refusal);
        }

        Count(completion);
        string text = string.Concat(completion.Content.Select(part => part.Text));
        if (!string.IsNullOrEmpty(completion.Refusal))
        {
            return Refused("The model declined to judge this issue.");
        }

        return completion.FinishReason switch
        {
            ChatFinishReason.ContentFilter => Refused("The content filter of Azure OpenAI blocked the response."),
            ChatFinishReason.Length => new Reply(null, text, "it was cut off, because it was longer than AzureOpenAI:MaxCompletionTokens"),
            _ => ModelResponseReader.Read(text, catalogue, out string problem) is { } answer
                ? new Reply(new ModelResult(ModelResultStatus.Answered, answer), text, string.Empty)
                : new Reply(null, text, problem),
        };
    }

    private static Reply Refused(string detail) =>
        new(new ModelResult(ModelResultStatus.Refused, null, detail), string.Empty, string.Empty);

    private ChatCompletionOptions Settings(AnalysisPrompt prompt)
    {
        ChatCompletionOptions settings = new()
        {
            MaxOutputTokenCount = options.Value.MaxCompletionTokens,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(ModelResponseSchema.Name,
                BinaryData.FromString(prompt.Schema.ToJsonString()), jsonSchemaIsStrict: true),
        };
        if (!options.Value.ReasoningModel)
        {
            settings.Temperature = 0;
#pragma warning disable OPENAI001 // Marked as experimental: the service promises no more than its best effort.
            settings.Seed = Seed;
#pragma warning restore OPENAI001
        }

        return settings;
    }

    private void Count(ChatCompletion completion)
    {
        if (completion.Usage is { } usage)
        {
            CallMeter.Add(ModelPricing.GetUsage(
                options.Value, completion.Model ?? string.Empty, usage.InputTokenCount, usage.InputTokenDetails?.CachedTokenCount ?? 0,
                usage.OutputTokenCount));
        }
    }

    /// <param name="Final">Null when the answer is to be repaired.</param>
    private sealed record Reply(ModelResult? Final, string Text, string Problem);
}
