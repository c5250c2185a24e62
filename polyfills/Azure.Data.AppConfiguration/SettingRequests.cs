using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.AppConfiguration;

/// <summary>Requests of the REST API.</summary>
internal sealed class SettingRequests(HttpPipeline pipeline, Uri endpoint, string apiVersion)
{
    private const string KeyValue = "application/vnd.microsoft.appconfig.kv+json, application/problem+json";
    private const string KeyValueSet = "application/vnd.microsoft.appconfig.kvset+json, application/problem+json";

    private static readonly (SettingFields Field, string Name)[] s_fields =
    [
        (SettingFields.Key, "key"), (SettingFields.Label, "label"), (SettingFields.Value, "value"), (SettingFields.ContentType, "content_type"),
        (SettingFields.ETag, "etag"), (SettingFields.LastModified, "last_modified"), (SettingFields.IsReadOnly, "locked"), (SettingFields.Tags, "tags"),
    ];

    public HttpMessage Get(string key, string label, MatchConditions conditions) => For(RequestMethod.Get, "/kv/", key, label, conditions);

    public HttpMessage Delete(string key, string label, MatchConditions conditions) => For(RequestMethod.Delete, "/kv/", key, label, conditions);

    public HttpMessage Lock(string key, string label, bool isReadOnly, MatchConditions conditions) =>
        For(isReadOnly ? RequestMethod.Put : RequestMethod.Delete, "/locks/", key, label, conditions);

    public HttpMessage Put(ConfigurationSetting setting, MatchConditions conditions)
    {
        HttpMessage message = For(RequestMethod.Put, "/kv/", setting.Key, setting.Label, conditions);
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(SettingJson.Write(setting));
        return message;
    }

    public HttpMessage List(SettingSelector selector, string nextLink, MatchConditions conditions)
    {
        HttpMessage message = Create(RequestMethod.Get, KeyValueSet, conditions);
        if (!string.IsNullOrEmpty(nextLink))
        {
            message.Request.Uri.Reset(new Uri(endpoint, nextLink));
            return message;
        }

        RequestUriBuilder uri = message.Request.Uri;
        uri.Reset(endpoint);
        uri.AppendPath("/kv", escape: false);
        AppendIf(uri, "key", selector.KeyFilter);
        AppendIf(uri, "label", selector.LabelFilter);
        uri.AppendQuery("api-version", apiVersion, escapeValue: true);
        AppendIf(uri, "$Select", selector.Fields is SettingFields.All ? null : string.Join(',', s_fields.Where(f => selector.Fields.HasFlag(f.Field)).Select(f => f.Name)));
        foreach (string tag in selector.TagsFilter)
        {
            uri.AppendQuery("tags", tag, escapeValue: true);
        }

        return message;
    }

    private static void AppendIf(RequestUriBuilder uri, string name, string value)
    {
        if (value is not null)
        {
            uri.AppendQuery(name, value, escapeValue: true);
        }
    }

    private HttpMessage For(RequestMethod method, string path, string key, string label, MatchConditions conditions)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        HttpMessage message = Create(method, KeyValue, conditions);
        RequestUriBuilder uri = message.Request.Uri;
        uri.Reset(endpoint);
        uri.AppendPath(path, escape: false);
        uri.AppendPath(key, escape: true);
        AppendIf(uri, "label", label);
        uri.AppendQuery("api-version", apiVersion, escapeValue: true);
        return message;
    }

    private HttpMessage Create(RequestMethod method, string accept, MatchConditions conditions)
    {
        HttpMessage message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Headers.SetValue("Accept", accept);
        if (conditions?.IfMatch is { } match)
        {
            message.Request.Headers.SetValue("If-Match", match.ToString("H"));
        }

        if (conditions?.IfNoneMatch is { } noneMatch)
        {
            message.Request.Headers.SetValue("If-None-Match", noneMatch.ToString("H"));
        }

        return message;
    }
}
