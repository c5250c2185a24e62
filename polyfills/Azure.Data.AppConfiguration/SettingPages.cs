using System.Runtime.CompilerServices;

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

/// <summary>Lists key-values page by page.</summary>
internal sealed class AsyncSettingPages(Func<string, MatchConditions, CancellationToken, ValueTask<Page<ConfigurationSetting>>> getPage, CancellationToken cancellationToken)
    : AsyncPageable<ConfigurationSetting>(cancellationToken)
{
    public override IAsyncEnumerable<Page<ConfigurationSetting>> AsPages(string continuationToken = null, int? pageSizeHint = null) => AsPages([], continuationToken);

    public async IAsyncEnumerable<Page<ConfigurationSetting>> AsPages(
        IEnumerable<MatchConditions> conditions, string continuationToken, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        using IEnumerator<MatchConditions> condition = conditions.GetEnumerator();
        string next = continuationToken;
        do
        {
            Page<ConfigurationSetting> page = await getPage(next, condition.MoveNext() ? condition.Current : null, either.Token).ConfigureAwait(false);
            yield return page;
            next = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }
}
