using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Functions.Triggers.Webhook;

namespace SiteMonitor.Tests.Functions.Triggers.Webhook;

public sealed class SignedBodyTests
{
    private const string Secret = "a-secret-for-webhooks";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(3_000_000)]
    public async Task A_Signed_Body_Is_Returned_Unchanged(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

        using SignedBody? body = await ReadAsync(new MemoryStream(content), WebhookSignature.Sign(Secret, content), null);

        Assert.Equal(content, body!.Bytes.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha1=0000")]
    [InlineData("sha256=xyz")]
    [InlineData("sha256=00")]
    public async Task Without_A_Well_Formed_Signature_No_Byte_Is_Read(string? signature)
    {
        MemoryStream content = new(new byte[1000]);

        Assert.Null(await ReadAsync(content, signature, 1000));

        Assert.Equal(0, content.Position);
    }

    [Fact]
    public async Task A_Wrong_Signature_Is_Refused() =>
        Assert.Null(await ReadAsync(new MemoryStream(new byte[1000]), WebhookSignature.Sign("another secret", new byte[1000]), 1000));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Body_Over_The_Limit_Is_Refused(bool isDeclared)
    {
        byte[] content = new byte[SignedBody.MaxLength + 1];

        HttpProblemException refused = await Assert.ThrowsAsync<HttpProblemException>(
            () => ReadAsync(new MemoryStream(content), WebhookSignature.Sign(Secret, content), isDeclared ? content.Length : null));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, refused.Problem.Status);
    }

    [Fact]
    public async Task Many_Declared_Lengths_Claim_No_Memory()
    {
        using CancellationTokenSource stop = new();
        string signature = WebhookSignature.Sign(Secret, []);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Task[] waiting = [.. Enumerable.Range(0, 200).Select(_ => (Task)ReadAsync(new EndlessStream(), signature, SignedBody.MaxLength, stop.Token))];
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));

        Assert.InRange(grown, long.MinValue, 50_000_000);
    }

    [Fact]
    public async Task A_Body_That_Does_Not_Arrive_Within_Ten_Seconds_Is_Refused()
    {
        FakeTimeProvider time = new();
        Task<SignedBody?> waiting = ReadAsync(new EndlessStream(), WebhookSignature.Sign(Secret, []), null, time: time);

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        HttpProblemException refused = await Assert.ThrowsAsync<HttpProblemException>(() => waiting);
        Assert.Equal(StatusCodes.Status408RequestTimeout, refused.Problem.Status);
    }

    [Fact]
    public async Task Long_Bodies_Leave_Room_For_Short_Ones()
    {
        using CancellationTokenSource stop = new();
        string wrong = WebhookSignature.Sign("another secret", []);
        Task[] waiting =
            [.. Enumerable.Range(0, 4).Select(_ => (Task)ReadAsync(new EndlessStream(new byte[17_000_000]), wrong, null, stop.Token))];
        byte[] content = new byte[500_000];

        using SignedBody? body = await ReadAsync(new MemoryStream(content), WebhookSignature.Sign(Secret, content), null);
        await stop.CancelAsync();
        Exception?[] failures = await Task.WhenAll(waiting.Select(task => Record.ExceptionAsync(() => task).AsTask()));

        Assert.Equal(content.Length, body!.Bytes.Length);
        Assert.Contains(failures, f => f is HttpProblemException { Problem.Status: StatusCodes.Status503ServiceUnavailable });
        Assert.Contains(failures, f => f is OperationCanceledException);
    }

    private static Task<SignedBody?> ReadAsync(
        Stream content, string? signature, long? length, CancellationToken? cancellationToken = null, TimeProvider? time = null)
    {
        DefaultHttpContext context = new();
        context.Request.Body = content;
        context.Request.ContentLength = length;
        context.Request.Headers[WebhookSignature.HeaderName] = signature;
        return SignedBody.ReadAsync(
            context.Request, Secret, time ?? TimeProvider.System, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>A client that sends this much, and then nothing more.</summary>
    private sealed class EndlessStream(byte[]? content = null) : MemoryStream(content ?? [])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length)
            {
                return await base.ReadAsync(buffer, cancellationToken);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
