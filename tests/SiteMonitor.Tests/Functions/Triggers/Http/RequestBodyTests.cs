using Microsoft.AspNetCore.Http;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Functions.Triggers.Http;

public sealed class RequestBodyTests
{
    private const int Limit = 100_000;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(32 * 1024, false)]
    [InlineData(Limit, true)]
    [InlineData(Limit, false)]
    public async Task A_body_within_the_limit_comes_unchanged(int length, bool saysLength)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

        Assert.Equal(body, (await ReadAsync(new MemoryStream(body), saysLength ? length : null)).ToArray());
    }

    [Fact]
    public async Task A_body_that_says_it_is_too_long_is_refused_before_it_is_read()
    {
        using MemoryStream body = new(new byte[10]);

        RequestBodyException refused = await Assert.ThrowsAsync<RequestBodyException>(() => ReadAsync(body, Limit + 1));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, refused.Status);
        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task A_body_that_turns_out_too_long_is_refused()
    {
        using MemoryStream body = new(new byte[Limit + 1]);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, (await Assert.ThrowsAsync<RequestBodyException>(() => ReadAsync(body, null))).Status);
    }

    private static Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, long? length)
    {
        DefaultHttpContext context = new();
        context.Request.Body = body;
        context.Request.ContentLength = length;
        return RequestBody.ReadAsync(context.Request, Limit, TestContext.Current.CancellationToken);
    }
}
