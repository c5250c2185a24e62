using Microsoft.AspNetCore.Http;
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

    private static Task<SignedBody?> ReadAsync(Stream content, string? signature, long? length, CancellationToken? cancellationToken = null)
    {
        DefaultHttpContext context = new();
        context.Request.Body = content;
        context.Request.ContentLength = length;
        context.Request.Headers[WebhookSignature.HeaderName] = signature;
        return SignedBody.ReadAsync(context.Request, Secret, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>A client that sends nothing more.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
