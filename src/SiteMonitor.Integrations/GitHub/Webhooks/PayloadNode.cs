using System.Text.Json;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>A JSON value with its path, so that errors can name the member.</summary>
internal readonly record struct PayloadNode(JsonElement Value, string Path)
{
    public PayloadNode Required(string name) =>
        Optional(name) ?? throw new MalformedDeliveryException($"{Child(name)}: missing.");

    /// <summary>The member, or null when it is absent or null.</summary>
    public PayloadNode? Optional(string name)
    {
        Expect(JsonValueKind.Object, "an object");
        return Value.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null
            ? new PayloadNode(member, Child(name))
            : null;
    }

    /// <summary>Returns an optional member of any type, or null.</summary>
    public PayloadNode? Find(string name) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement member)
            ? new PayloadNode(member, Child(name))
            : null;

    /// <summary>The text, or null where the value is none.</summary>
    public string? FindText() => Value.ValueKind == JsonValueKind.String ? TryGetString() : null;

    public IEnumerable<PayloadNode> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        string path = Path;
        return [.. Value.EnumerateArray().Select((item, index) => new PayloadNode(item, $"{path}[{index}]"))];
    }

    public string GetText()
    {
        Expect(JsonValueKind.String, "a string");
        return TryGetString() ?? throw new MalformedDeliveryException($"{Path}: not valid UTF-8 or UTF-16.");
    }

    public int GetPositiveInteger() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) && number > 0
            ? number
            : throw new MalformedDeliveryException($"{Path}: expected a positive whole number.");

    public bool GetBoolean() =>
        Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? Value.GetBoolean()
            : throw new MalformedDeliveryException($"{Path}: expected true or false.");

    private string? TryGetString()
    {
        try
        {
            return Value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string Child(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private void Expect(JsonValueKind kind, string expected)
    {
        if (Value.ValueKind != kind)
        {
            throw new MalformedDeliveryException($"{(Path.Length == 0 ? "The payload" : Path)}: expected {expected}.");
        }
    }
}
