namespace Azure.Data.AppConfiguration;

public static class ConfigurationClientExtensions
{
    /// <summary>Page by page, each under its own conditions; a page that did not change is empty and its response has status 304.</summary>
    /// <exception cref="InvalidOperationException">The pageable does not come from <see cref="ConfigurationClient.GetConfigurationSettingsAsync"/>.</exception>
    public static IAsyncEnumerable<Page<ConfigurationSetting>> AsPages(
        this AsyncPageable<ConfigurationSetting> pageable, IEnumerable<MatchConditions> conditions, string continuationToken = null, int? pageSizeHint = null)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return pageable is AsyncSettingPages pages ? pages.AsPages(conditions, continuationToken) : throw NotSupported();
    }

    /// <inheritdoc cref="AsPages(AsyncPageable{ConfigurationSetting}, IEnumerable{MatchConditions}, string, int?)"/>
    public static IEnumerable<Page<ConfigurationSetting>> AsPages(
        this Pageable<ConfigurationSetting> pageable, IEnumerable<MatchConditions> conditions, string continuationToken = null, int? pageSizeHint = null)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return pageable is SettingPages pages ? pages.AsPages(conditions, continuationToken) : throw NotSupported();
    }

    private static InvalidOperationException NotSupported() => new("Operation not supported by this pageable object.");
}
