using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Flags;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Repeats a rollback until the application answers; after some seconds it says how to switch the flag off without it.</summary>
internal sealed class RollbackFallback(CommandContext context, string stage)
{
    private const string EndpointVariable = "AppConfiguration__Endpoint";
    private const string AzdEndpointVariable = "SITEMONITOR_APP_CONFIGURATION_ENDPOINT";
    private const string PrefixVariable = "AppConfiguration__Prefix";
    private const string LabelVariable = "AppConfiguration__Label";

    private static readonly TimeSpan AdviceDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Scripts must end at some time; the rollback is idempotent, so a late answer does no harm.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(10);

    private readonly OutageTimer _outage = new(context.Terminal.Time, MaxDuration);
    private bool _hasAdvised;

    /// <summary>Sends a request until it is answered.</summary>
    public async Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        using CancellationTokenSource answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task advice = AdviseAfterDelayAsync(answered.Token);
        try
        {
            while (true)
            {
                try
                {
                    T response = await send(cancellationToken);
                    _outage.Reset();
                    return response;
                }
                catch (UnreachableException) when (_outage.RecordFailure())
                {
                    await Task.Delay(RetryInterval, context.Terminal.Time, cancellationToken);
                }
            }
        }
        finally
        {
            await answered.CancelAsync();
            await advice;
        }
    }

    private async Task AdviseAfterDelayAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(AdviceDelay, context.Terminal.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested && !_hasAdvised)
        {
            _hasAdvised = true;
            Advise();
        }
    }

    private void Advise()
    {
        IAnsiConsole console = context.Terminal.Error;
        (string flag, string? fallback) = stage switch
        {
            "analysis" => (FlagNames.Analysis, FlagNames.AnalysisFallback),
            "preparation" => (FlagNames.Preparation, FlagNames.PreparationFallback),
            _ => (FlagNames.UnifiedPipeline, (string?)null),
        };
        string also = fallback is null ? string.Empty : $" and {fallback} on";
        console.WriteStyledLine(
            $"[red]{context.Api.Target.Url} does not answer.[/] Still trying. To roll back without it, switch {flag} off{also}:");
        if (context.Api.Target.FlagsFile is { } file)
        {
            console.WriteStyledLine($"  in {file}, at the flag with the id {flag}, set \"enabled\": false");
            if (fallback is not null)
            {
                console.WriteStyledLine($"  and at the flag with the id {fallback}, set \"enabled\": true");
            }
        }
        else
        {
            console.WriteRawLine($"  {CreateStoreCommand("disable", flag)}");
            if (fallback is not null)
            {
                console.WriteRawLine($"  {CreateStoreCommand("enable", fallback)}");
            }
        }

        console.WriteStyledLine($"The application notices this by itself, within 30 s once it runs again. Ctrl-C stops trying.");
    }

    /// <summary>Creates the command that switches a flag in App Configuration, where the application's settings say it is.</summary>
    private string CreateStoreCommand(string verb, string flag)
    {
        string endpoint = Read(EndpointVariable) ?? Read(AzdEndpointVariable) ?? "https://<store>.azconfig.io";
        string label = Read(LabelVariable) is { } name ? $" --label {Quote(name)}" : string.Empty;
        string feature = Quote(Read(PrefixVariable) + flag);
        return $"az appconfig feature {verb} --yes --auth-mode login --endpoint {endpoint.TrimEnd('/')} --feature {feature}{label}";
    }

    private string? Read(string variable) =>
        context.Terminal.Environment(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? text : $"\"{text}\"";
}
