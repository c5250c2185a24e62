using Azure;
using Azure.Data.AppConfiguration;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>Flags in Azure App Configuration: ordinary feature flags under an optional prefix and one label. Reads and writes may use different identities.</summary>
internal sealed class AppConfigurationFlagStore(ConfigurationClient reader, ConfigurationClient writer, AppConfigurationOptions options, TimeProvider time) : IFlagStore
{
    private const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";
    private readonly string _keyPrefix = FeatureFlagConfigurationSetting.KeyPrefix + options.Prefix;

    // The pages' ETags with the revision they make: several readers share this store, and "unchanged" must mean unchanged since what the asker has.
    private volatile Tuple<List<MatchConditions>, string>? _last;

    public string Description { get; } = $"App Configuration {options.Endpoint?.Host ?? HostOf(options.ConnectionString)}";

    public async Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.RequestTimeout);
        try
        {
            if (known is not null && _last is { } last && last.Item2 == known.Revision && await IsUnchangedAsync(last.Item1, timeout.Token))
            {
                return new FlagReadResult.Unchanged();
            }

            return new FlagReadResult.Loaded(await LoadAsync(timeout.Token));
        }
        catch (Exception e) when (IsExpected(e, cancellationToken))
        {
            return new FlagReadResult.Unavailable(AppConfigurationFailure.Describe(e, "read", options.RequestTimeout));
        }
    }

    public async Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.RequestTimeout);
        string key = _keyPrefix + name;
        var setting = etag is null
            ? new ConfigurationSetting(key, json, options.Label) { ContentType = ContentType }
            : new ConfigurationSetting(key, json, options.Label, new ETag(etag)) { ContentType = ContentType };
        try
        {
            Response<ConfigurationSetting> answer = etag is null
                ? await writer.AddConfigurationSettingAsync(setting, timeout.Token)
                : await writer.SetConfigurationSettingAsync(setting, onlyIfUnchanged: true, timeout.Token);
            return new FlagWriteResult.Written(answer.Value.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return new FlagWriteResult.Conflict();
        }
        catch (RequestFailedException e) when (e.Status is 400 or 401 or 403 or 409)
        {
            return new FlagWriteResult.Refused(AppConfigurationFailure.Describe(e, "write", options.RequestTimeout));
        }
        catch (Exception e) when (IsExpected(e, cancellationToken))
        {
            return new FlagWriteResult.Unavailable(AppConfigurationFailure.Describe(e, "write", options.RequestTimeout));
        }
    }

    private AsyncPageable<ConfigurationSetting> Settings(CancellationToken cancellationToken) => reader.GetConfigurationSettingsAsync(
        new SettingSelector { KeyFilter = $"{_keyPrefix}*", LabelFilter = string.IsNullOrEmpty(options.Label) ? "\0" : options.Label }, cancellationToken);

    private async Task<bool> IsUnchangedAsync(List<MatchConditions> pages, CancellationToken cancellationToken)
    {
        await foreach (Page<ConfigurationSetting> page in Settings(cancellationToken).AsPages(pages).WithCancellation(cancellationToken))
        {
            using Response answer = page.GetRawResponse();
            if (answer.Status != 304)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<FlagSnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        List<StoredFlag> flags = [];
        List<MatchConditions> pages = [];
        await foreach (Page<ConfigurationSetting> page in Settings(cancellationToken).AsPages().WithCancellation(cancellationToken))
        {
            pages.Add(new MatchConditions { IfNoneMatch = page.GetRawResponse().Headers.ETag });
            flags.AddRange(page.Values.Select(s => FlagJson.Parse(s.Key[_keyPrefix.Length..], s.Value ?? string.Empty, s.ETag.ToString())));
        }

        var snapshot = new FlagSnapshot(flags, time.GetUtcNow());
        _last = Tuple.Create(pages, snapshot.Revision);
        return snapshot;
    }

    private static bool IsExpected(Exception e, CancellationToken cancellationToken) =>
        e is RequestFailedException or Azure.Identity.AuthenticationFailedException or AggregateException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string HostOf(string? connectionString) =>
        connectionString?.Split(';').Select(p => p.Split('=', 2)).FirstOrDefault(p => p[0].Trim().Equals("Endpoint", StringComparison.OrdinalIgnoreCase)) is [_, var endpoint]
        && Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? uri.Authority : "(no endpoint)";
}
