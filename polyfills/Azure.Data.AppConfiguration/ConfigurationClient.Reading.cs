using System.Text.RegularExpressions;

namespace Azure.Data.AppConfiguration;

public partial class ConfigurationClient
{
    public virtual Task<Response<ConfigurationSetting>> GetConfigurationSettingAsync(string key, string label = null, CancellationToken cancellationToken = default) =>
        Get(key, label, null, async: true, cancellationToken).AsTask();

    public virtual Response<ConfigurationSetting> GetConfigurationSetting(string key, string label = null, CancellationToken cancellationToken = default) =>
        Get(key, label, null, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <returns>Status 304 and no value when it was not changed.</returns>
    public virtual Task<Response<ConfigurationSetting>> GetConfigurationSettingAsync(
        ConfigurationSetting setting, bool onlyIfChanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Get(setting.Key, setting.Label, IfChanged(setting, onlyIfChanged), async: true, cancellationToken).AsTask();
    }

    /// <inheritdoc cref="GetConfigurationSettingAsync(ConfigurationSetting, bool, CancellationToken)"/>
    public virtual Response<ConfigurationSetting> GetConfigurationSetting(
        ConfigurationSetting setting, bool onlyIfChanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Get(setting.Key, setting.Label, IfChanged(setting, onlyIfChanged), async: false, cancellationToken).GetAwaiter().GetResult();
    }

    public virtual AsyncPageable<ConfigurationSetting> GetConfigurationSettingsAsync(SettingSelector selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new AsyncSettingPages((next, conditions, cancellation) => GetPage(selector, next, conditions, async: true, cancellation), cancellationToken);
    }

    public virtual Pageable<ConfigurationSetting> GetConfigurationSettings(SettingSelector selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new SettingPages(
            (next, conditions, cancellation) => GetPage(selector, next, conditions, async: false, cancellation).GetAwaiter().GetResult(), cancellationToken);
    }

    private static MatchConditions IfChanged(ConfigurationSetting setting, bool only) => only ? new MatchConditions { IfNoneMatch = setting.ETag } : null;

    [GeneratedRegex("<(?<address>[^>]*)>\\s*;\\s*rel=\"?next\"?")]
    private static partial Regex NextLink();

    private async ValueTask<Response<ConfigurationSetting>> Get(
        string key, string label, MatchConditions conditions, bool async, CancellationToken cancellationToken)
    {
        Response response = await Send(_requests.Get(key, label, conditions), async, cancellationToken).ConfigureAwait(false);
        return response.Status switch
        {
            200 => Response.FromValue(SettingJson.Read(response.Content), response),
            304 => new NotModifiedResponse(response),
            _ => throw new RequestFailedException(response),
        };
    }

    private async ValueTask<Page<ConfigurationSetting>> GetPage(
        SettingSelector selector, string nextLink, MatchConditions conditions, bool async, CancellationToken cancellationToken)
    {
        Response response = await Send(_requests.List(selector, nextLink, conditions), async, cancellationToken).ConfigureAwait(false);
        switch (response.Status)
        {
            case 200:
                (IReadOnlyList<ConfigurationSetting> settings, string next) = SettingJson.ReadPage(response.Content);
                return Page<ConfigurationSetting>.FromValues(settings, next, response);
            case 304:
                Match link = NextLink().Match(response.Headers.TryGetValue("Link", out string header) ? header : string.Empty);
                return Page<ConfigurationSetting>.FromValues([], link.Success ? link.Groups["address"].Value : null, response);
            default:
                throw new RequestFailedException(response);
        }
    }
}
/// <summary>An answer with status 304: there is no value.</summary>
internal sealed class NotModifiedResponse(Response response) : Response<ConfigurationSetting>
{
    public override bool HasValue => false;

    public override ConfigurationSetting Value => throw new InvalidOperationException($"Status: {response.Status}, Service returned no content");

    public override Response GetRawResponse() => response;
}
