namespace SiteMonitor.Sandbox.State;

/// <summary>One webhook delivery, without its payload (that stays in the database).</summary>
public sealed record WebhookDelivery
{
    /// <summary>The order in which it is sent.</summary>
    public required long Sequence { get; init; }

    /// <summary>The <c>X-GitHub-Delivery</c> header; a redelivery carries the same.</summary>
    public required Guid Id { get; init; }

    public required string Event { get; init; }

    public required string Action { get; init; }

    /// <summary><c>owner/repo</c> in lower case: deliveries of one repository go out in order.</summary>
    public required string Repository { get; init; }

    /// <summary>The issue or pull request, 0 for none.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsRedelivery { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The receiver's HTTP status; null while undelivered, 0 when no answer came.</summary>
    public int? Status { get; init; }

    public int DurationMs { get; init; }

    /// <summary>The receiver's answer, at most 500 characters.</summary>
    public string Response { get; init; } = "";
}
