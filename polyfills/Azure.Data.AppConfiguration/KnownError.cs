using Azure.Core;

namespace Azure.Data.AppConfiguration;

/// <summary>Says in the exception what a status means here.</summary>
internal sealed class KnownError(string message) : RequestFailedDetailsParser
{
    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        error = new ResponseError(null, message);
        data = null;
        return true;
    }
}
