using Azure;
using Azure.Data.AppConfiguration;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>Reads and writes feature flags in Azure App Configuration, under an optional prefix and one label.</summary>
/// <param name="readFlag">Parses a flag from its name, JSON and ETag.</param>
internal sealed class AppConfigurationFlagStore(
    ConfigurationClient reader,
    ConfigurationClient writer,
    AppConfigurationOptions options,
    Func<string, string, string, Task<StoredFlag>> readFlag,
    TimeProvider time) : IFlagStore
{
    private const string SyncToken = "Sync-Token";
    private const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";
    private readonly string _keyPrefix = FeatureFlagConfigurationSetting.KeyPrefix + options.Prefix;

    private volatile LastRead? _last;

    public string Description { get; } =
        "App Configuration " +
            $"{options.Endpoint?.Host ?? HostOf(options.ConnectionString)}{Part("prefix", options.Prefix)}{Part("label", options.Label)}";

    public Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) =>
        ReadAsync(reader, known, cancellationToken);

    public Task<FlagReadResult> ReadForWriteAsync(CancellationToken cancellationToken) => ReadAsync(writer, null, cancellationToken);

    private async Task<FlagReadResult> ReadAsync(ConfigurationClient client, FlagSnapshot? known, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.RequestTimeout);
        try
        {
            if (known is not null && _last is { } last && last.Revision == known.Revision
                && await IsUnchangedAsync(client, last.Pages, timeout.Token))
            {
                return new FlagReadResult.Unchanged();
            }

            return new FlagReadResult.Loaded(await LoadAsync(client, timeout.Token));
        }
        catch (Exception e) when (IsExpected(e, cancellationToken))
        {
            return new FlagReadResult.Unavailable(AppConfigurationErrors.Describe(e, "read", options.RequestTimeout));
        }
    }

    public async Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.RequestTimeout);
        try
        {
            if (Setting(name, json, etag) is not { } setting)
            {
                return new FlagWriteResult.Conflict();
            }

            Response<ConfigurationSetting> answer = etag is null
                ? await writer.AddConfigurationSettingAsync(setting, timeout.Token)
                : await writer.SetConfigurationSettingAsync(setting, onlyIfUnchanged: true, timeout.Token);
            if (answer.Value.Key != setting.Key)
            {
                return new FlagWriteResult.Failed(AppConfigurationErrors.UnexpectedResponse);
            }

            TellReader(answer.GetRawResponse());
            return new FlagWriteResult.Written(answer.Value.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            TellReader(e.GetRawResponse());
            return new FlagWriteResult.Conflict();
        }
        catch (Exception e) when (IsExpected(e, cancellationToken))
        {
            return new FlagWriteResult.Failed(AppConfigurationErrors.Describe(e, "write", options.RequestTimeout));
        }
    }

    // What the rollout does not set stays: a team's tags too. Null when the setting has changed since the asker read it.
    private ConfigurationSetting? Setting(string name, string json, string? etag)
    {
        string key = _keyPrefix + name;
        if (etag is null)
        {
            return new ConfigurationSetting(key, json, options.Label) { ContentType = ContentType };
        }

        if (_last?.Settings.GetValueOrDefault(name) is not { } read || read.ETag != new ETag(etag))
        {
            return null;
        }

        var setting = new ConfigurationSetting(key, json, options.Label, read.ETag) { ContentType = ContentType };
        foreach ((string tag, string value) in read.Tags)
        {
            setting.Tags[tag] = value;
        }

        return setting;
    }

    // The store has replicas. With the token of the answer the reading client sees what the writing one has seen, whichever of them
    // answers.
    private void TellReader(Response? answer)
    {
        foreach (string tokens in answer is not null && answer.Headers.TryGetValues(SyncToken, out IEnumerable<string>? values)
            ? values
            : [])
        {
            foreach (string token in tokens.Split(','))
            {
                reader.UpdateSyncToken(token);
            }
        }
    }

    private AsyncPageable<ConfigurationSetting> Settings(ConfigurationClient client, CancellationToken cancellationToken) =>
        client.GetConfigurationSettingsAsync(
        new SettingSelector
        {
            KeyFilter = $"{Escape(_keyPrefix)}*",
            LabelFilter = string.IsNullOrEmpty(options.Label) ? "\0" : Escape(options.Label),
        },
        cancellationToken);

    /// <summary>Escapes the characters with a meaning in a filter, so that it selects no other prefixes and labels.</summary>
    private static string Escape(string name) => name
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal);

    private async Task<bool> IsUnchangedAsync(
        ConfigurationClient client, List<MatchConditions> pages, CancellationToken cancellationToken)
    {
        await foreach (Page<ConfigurationSetting> page in
            Settings(client, cancellationToken).AsPages(pages).WithCancellation(cancellationToken))
        {
            using Response answer = page.GetRawResponse();
            if (answer.Status != 304)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<FlagSnapshot> LoadAsync(ConfigurationClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, ConfigurationSetting> settings = [];
        List<MatchConditions> pages = [];
        await foreach (Page<ConfigurationSetting> page in Settings(client, cancellationToken).AsPages().WithCancellation(cancellationToken))
        {
            pages.Add(new MatchConditions { IfNoneMatch = page.GetRawResponse().Headers.ETag });
            foreach (ConfigurationSetting setting in page.Values)
            {
                settings[setting.Key[_keyPrefix.Length..]] = setting;
            }
        }

        FlagSnapshot snapshot = new(
            await Task.WhenAll(settings.Select(s => readFlag(s.Key, s.Value.Value ?? string.Empty, s.Value.ETag.ToString()))),
            time.GetUtcNow());
        _last = new LastRead(pages, snapshot.Revision, settings);
        return snapshot;
    }

    // A proxy may respond instead of the store, and reading its response may throw anything; the last known flags apply then too.
    private static bool IsExpected(Exception e, CancellationToken cancellationToken) =>
        e is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private static string Part(string name, string? value) => string.IsNullOrEmpty(value) ? string.Empty : $", {name} '{value}'";

    private static string HostOf(string? connectionString) =>
        connectionString?.Split(';').Select(p => p.Split('=', 2))
            .FirstOrDefault(p => p[0].Trim().Equals("Endpoint", StringComparison.OrdinalIgnoreCase)) is [_, var endpoint]
        && Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? uri.Authority : "(no endpoint)";

    /// <summary>"Unchanged" must refer to the caller's snapshot, because several readers share this store.</summary>
    /// <param name="Pages">The pages' ETags.</param>
    /// <param name="Revision">What they make.</param>
    /// <param name="Settings">By flag.</param>
    private sealed record LastRead(
        List<MatchConditions> Pages, string Revision, IReadOnlyDictionary<string, ConfigurationSetting> Settings);
}
