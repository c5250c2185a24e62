namespace Azure.Data.AppConfiguration;

/// <summary>Lists key-values page by page.</summary>
internal sealed class SettingPages(Func<string, MatchConditions, CancellationToken, Page<ConfigurationSetting>> getPage, CancellationToken cancellationToken)
    : Pageable<ConfigurationSetting>(cancellationToken)
{
    public override IEnumerable<Page<ConfigurationSetting>> AsPages(string continuationToken = null, int? pageSizeHint = null) => AsPages([], continuationToken);

    public IEnumerable<Page<ConfigurationSetting>> AsPages(IEnumerable<MatchConditions> conditions, string continuationToken)
    {
        using IEnumerator<MatchConditions> condition = conditions.GetEnumerator();
        string next = continuationToken;
        do
        {
            Page<ConfigurationSetting> page = getPage(next, condition.MoveNext() ? condition.Current : null, CancellationToken);
            yield return page;
            next = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }
}
