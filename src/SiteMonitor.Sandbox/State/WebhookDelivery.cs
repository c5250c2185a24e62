namespace SiteMonitor.Sandbox.State;

/// <summary>A webhook delivery without its payload, which stays in the database.</summary>
public sealed record WebhookDelivery
{
    /// <summary>Order in which it is sent.</summary>
    public required long Sequence { get; init; }

    /// <summary>Value of the <c>X-GitHub-Delivery</c> header; a redelivery has the same.</summary>
    public required Guid Id { get; init; }

    public required string Event { get; init; }

    public required string Action { get; init; }

    /// <summary><c>owner/repo</c> in lower case; deliveries of one repository are sent in order.</summary>
    public required string Repository { get; init; }

    /// <summary>Number of the issue or pull request; 0 for none.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsRedelivery { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>HTTP status of the receiver; null before it is sent, 0 if no response came.</summary>
    public int? Status { get; init; }

    public int DurationMs { get; init; }

    /// <summary>Response of the receiver, at most 500 characters.</summary>
    public string Response { get; init; } = "";
}
