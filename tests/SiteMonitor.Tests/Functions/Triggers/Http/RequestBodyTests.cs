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
    public async Task A_Body_Within_The_Limit_Comes_Unchanged(int length, bool saysLength)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

        Assert.Equal(body, (await ReadAsync(new MemoryStream(body), saysLength ? length : null)).ToArray());
    }

    [Fact]
    public async Task A_Body_That_Says_It_Is_Too_Long_Is_Refused_Before_It_Is_Read()
    {
        using MemoryStream body = new(new byte[10]);

        HttpProblemException refused = await Assert.ThrowsAsync<HttpProblemException>(() => ReadAsync(body, Limit + 1));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, refused.Problem.Status);
        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task A_Body_That_Turns_Out_Too_Long_Is_Refused()
    {
        using MemoryStream body = new(new byte[Limit + 1]);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, (await Assert.ThrowsAsync<HttpProblemException>(() => ReadAsync(body, null))).Problem.Status);
    }

    private static Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, long? length)
    {
        DefaultHttpContext context = new();
        context.Request.Body = body;
        context.Request.ContentLength = length;
        return RequestBody.ReadAsync(context.Request, Limit, TestContext.Current.CancellationToken);
    }
}
