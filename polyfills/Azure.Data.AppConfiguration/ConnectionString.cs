namespace Azure.Data.AppConfiguration;

/// <summary><c>Endpoint=…;Id=…;Secret=…</c>, as the portal shows it.</summary>
internal sealed record ConnectionString(Uri Endpoint, string Id, byte[] Secret)
{
    /// <exception cref="InvalidOperationException">A part is missing or is not what it should be; the secret itself is not repeated.</exception>
    public static ConnectionString Parse(string text)
    {
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            if (equals < 1)
            {
                throw new InvalidOperationException("Connection string doesn't have value for keyword.");
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        try
        {
            return new(new Uri(Required("Endpoint")), Required("Id"), Convert.FromBase64String(Required("Secret")));
        }
        catch (UriFormatException e)
        {
            throw new InvalidOperationException("Specified Endpoint value isn't a valid address", e);
        }
        catch (FormatException)
        {
            throw new InvalidOperationException("Specified Secret value isn't a valid base64 string");
        }

        string Required(string name) => parts.TryGetValue(name, out string value) ? value : throw new InvalidOperationException($"Required keyword '{name}' is missing in connection string.");
    }
}
