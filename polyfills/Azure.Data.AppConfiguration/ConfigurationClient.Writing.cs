namespace Azure.Data.AppConfiguration;

public partial class ConfigurationClient
{
    public virtual Task<Response<ConfigurationSetting>> AddConfigurationSettingAsync(
        string key, string value, string label = null, CancellationToken cancellationToken = default) =>
        AddConfigurationSettingAsync(new ConfigurationSetting(key, value, label), cancellationToken);

    public virtual Response<ConfigurationSetting> AddConfigurationSetting(
        string key, string value, string label = null, CancellationToken cancellationToken = default) =>
        AddConfigurationSetting(new ConfigurationSetting(key, value, label), cancellationToken);

    /// <exception cref="RequestFailedException">Status 412: it is there already.</exception>
    public virtual Task<Response<ConfigurationSetting>> AddConfigurationSettingAsync(ConfigurationSetting setting, CancellationToken cancellationToken = default) =>
        Put(setting, IfAbsent(), async: true, cancellationToken).AsTask();

    /// <inheritdoc cref="AddConfigurationSettingAsync(ConfigurationSetting, CancellationToken)"/>
    public virtual Response<ConfigurationSetting> AddConfigurationSetting(ConfigurationSetting setting, CancellationToken cancellationToken = default) =>
        Put(setting, IfAbsent(), async: false, cancellationToken).GetAwaiter().GetResult();

    public virtual Task<Response<ConfigurationSetting>> SetConfigurationSettingAsync(
        string key, string value, string label = null, CancellationToken cancellationToken = default) =>
        SetConfigurationSettingAsync(new ConfigurationSetting(key, value, label), false, cancellationToken);

    public virtual Response<ConfigurationSetting> SetConfigurationSetting(
        string key, string value, string label = null, CancellationToken cancellationToken = default) =>
        SetConfigurationSetting(new ConfigurationSetting(key, value, label), false, cancellationToken);

    /// <exception cref="RequestFailedException">Status 412: it was changed since it was read. Status 409: it is read only.</exception>
    public virtual Task<Response<ConfigurationSetting>> SetConfigurationSettingAsync(
        ConfigurationSetting setting, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default) =>
        Put(setting, IfUnchanged(setting, onlyIfUnchanged), async: true, cancellationToken).AsTask();

    /// <inheritdoc cref="SetConfigurationSettingAsync(ConfigurationSetting, bool, CancellationToken)"/>
    public virtual Response<ConfigurationSetting> SetConfigurationSetting(
        ConfigurationSetting setting, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default) =>
        Put(setting, IfUnchanged(setting, onlyIfUnchanged), async: false, cancellationToken).GetAwaiter().GetResult();

    /// <returns>Status 204 when there was none.</returns>
    public virtual Task<Response> DeleteConfigurationSettingAsync(string key, string label = null, CancellationToken cancellationToken = default) =>
        Delete(key, label, null, async: true, cancellationToken).AsTask();

    /// <inheritdoc cref="DeleteConfigurationSettingAsync(string, string, CancellationToken)"/>
    public virtual Response DeleteConfigurationSetting(string key, string label = null, CancellationToken cancellationToken = default) =>
        Delete(key, label, null, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <exception cref="RequestFailedException">Status 412: it was changed since it was read. Status 409: it is read only.</exception>
    public virtual Task<Response> DeleteConfigurationSettingAsync(
        ConfigurationSetting setting, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Delete(setting.Key, setting.Label, IfUnchanged(setting, onlyIfUnchanged), async: true, cancellationToken).AsTask();
    }

    /// <inheritdoc cref="DeleteConfigurationSettingAsync(ConfigurationSetting, bool, CancellationToken)"/>
    public virtual Response DeleteConfigurationSetting(ConfigurationSetting setting, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Delete(setting.Key, setting.Label, IfUnchanged(setting, onlyIfUnchanged), async: false, cancellationToken).GetAwaiter().GetResult();
    }

    public virtual Task<Response<ConfigurationSetting>> SetReadOnlyAsync(string key, bool isReadOnly, CancellationToken cancellationToken = default) =>
        Lock(key, null, isReadOnly, null, async: true, cancellationToken).AsTask();

    public virtual Response<ConfigurationSetting> SetReadOnly(string key, bool isReadOnly, CancellationToken cancellationToken = default) =>
        Lock(key, null, isReadOnly, null, async: false, cancellationToken).GetAwaiter().GetResult();

    public virtual Task<Response<ConfigurationSetting>> SetReadOnlyAsync(string key, string label, bool isReadOnly, CancellationToken cancellationToken = default) =>
        Lock(key, label, isReadOnly, null, async: true, cancellationToken).AsTask();

    public virtual Response<ConfigurationSetting> SetReadOnly(string key, string label, bool isReadOnly, CancellationToken cancellationToken = default) =>
        Lock(key, label, isReadOnly, null, async: false, cancellationToken).GetAwaiter().GetResult();

    public virtual Task<Response<ConfigurationSetting>> SetReadOnlyAsync(
        ConfigurationSetting setting, bool isReadOnly, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Lock(setting.Key, setting.Label, isReadOnly, IfUnchanged(setting, onlyIfUnchanged), async: true, cancellationToken).AsTask();
    }

    public virtual Response<ConfigurationSetting> SetReadOnly(
        ConfigurationSetting setting, bool isReadOnly, bool onlyIfUnchanged = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return Lock(setting.Key, setting.Label, isReadOnly, IfUnchanged(setting, onlyIfUnchanged), async: false, cancellationToken).GetAwaiter().GetResult();
    }

    private static MatchConditions IfAbsent() => new() { IfNoneMatch = ETag.All };

    private static MatchConditions IfUnchanged(ConfigurationSetting setting, bool only) => only && setting is not null ? new MatchConditions { IfMatch = setting.ETag } : null;

    private static RequestFailedException Failed(Response response, MatchConditions conditions) => response.Status switch
    {
        409 => new RequestFailedException(response, null, new KnownError("The setting is read only")),
        412 when conditions?.IfNoneMatch is not null => new RequestFailedException(response, null, new KnownError("Setting was already present.")),
        _ => new RequestFailedException(response),
    };

    private async ValueTask<Response<ConfigurationSetting>> Put(
        ConfigurationSetting setting, MatchConditions conditions, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setting);
        Response response = await Send(_requests.Put(setting, conditions), async, cancellationToken).ConfigureAwait(false);
        return response.Status is 200 or 201 ? Response.FromValue(SettingJson.Read(response.Content), response) : throw Failed(response, conditions);
    }

    private async ValueTask<Response> Delete(string key, string label, MatchConditions conditions, bool async, CancellationToken cancellationToken)
    {
        Response response = await Send(_requests.Delete(key, label, conditions), async, cancellationToken).ConfigureAwait(false);
        return response.Status is 200 or 204 ? response : throw Failed(response, conditions);
    }

    private async ValueTask<Response<ConfigurationSetting>> Lock(
        string key, string label, bool isReadOnly, MatchConditions conditions, bool async, CancellationToken cancellationToken)
    {
        Response response = await Send(_requests.Lock(key, label, isReadOnly, conditions), async, cancellationToken).ConfigureAwait(false);
        return response.Status is 200 ? Response.FromValue(SettingJson.Read(response.Content), response) : throw new RequestFailedException(response);
    }
}
