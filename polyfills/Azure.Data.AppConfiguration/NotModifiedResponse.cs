namespace Azure.Data.AppConfiguration;

/// <summary>An answer with status 304: there is no value.</summary>
internal sealed class NotModifiedResponse(Response response) : Response<ConfigurationSetting>
{
    public override bool HasValue => false;

    public override ConfigurationSetting Value => throw new InvalidOperationException($"Status: {response.Status}, Service returned no content");

    public override Response GetRawResponse() => response;
}
