using System.Collections.Concurrent;
using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.AppConfiguration;

/// <summary>Sends back the newest <c>Sync-Token</c> of each id, so that a client reads its own writes whichever replica answers.</summary>
internal sealed class SyncTokenPolicy : HttpPipelineSynchronousPolicy
{
    private const string Header = "Sync-Token";

    private readonly ConcurrentDictionary<string, (string Value, long Sequence)> _tokens = new();

    public override void OnSendingRequest(HttpMessage message)
    {
        message.Request.Headers.Remove(Header);
        if (!_tokens.IsEmpty)
        {
            message.Request.Headers.SetValue(Header, string.Join(',', _tokens.Select(t => $"{t.Key}={t.Value.Value}")));
        }
    }

    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.Response.Headers.TryGetValues(Header, out IEnumerable<string> values))
        {
            foreach (string value in values)
            {
                Add(value);
            }
        }
    }

    /// <summary>Each token has the form <c>id=value;sn=sequence number</c>; several stand between commas.</summary>
    public void Add(string tokens)
    {
        foreach (string token in tokens.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = token.Split(";sn=");
            int equals = parts[0].IndexOf('=');
            if (equals > 0 && parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
            {
                (string Value, long Sequence) received = (parts[0][(equals + 1)..], sequence);
                _tokens.AddOrUpdate(parts[0][..equals], received, (_, known) => known.Sequence < sequence ? received : known);
            }
        }
    }
}
