using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Security;

/// <summary>Clients that send broken requests, break off or never finish, over real sockets: no error is logged, and others are served.</summary>
public sealed class BrokenClientTests(SecurityApp security) : IClassFixture<SecurityApp>
{
    private static readonly string Signature = $"{WebhookSignature.HeaderName}: {WebhookSignature.Sign(PipelineApp.Secret, [])}";
    private static readonly string Head = $"POST /api/github/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{Signature}\r\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Requests => new()
    {
        { "body shorter than declared", $"{Head}Content-Length: 100\r\n\r\n{{}}", false },
        { "body shorter than declared, reset", $"{Head}Content-Length: 100\r\n\r\n{{}}", true },
        { "no body at all, reset", $"{Head}Content-Length: 26214400\r\n\r\n", true },
        { "more than GitHub sends", $"{Head}Content-Length: 26214401\r\n\r\n", false },
        { "more than the host reads", $"{Head}Content-Length: 104857601\r\n\r\n", false },
        { "chunk size that is none", $"{Head}Transfer-Encoding: chunked\r\n\r\nzz\r\n", false },
        { "chunk without its end", $"{Head}Transfer-Encoding: chunked\r\n\r\n5\r\nab", false },
        { "chunk without its end, reset", $"{Head}Transfer-Encoding: chunked\r\n\r\n5\r\nab", true },
        { "length and chunks", $"{Head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false },
        { "length that is no number", $"{Head}Content-Length: -1\r\n\r\n", false },
        { "head without its end", "POST /api/github/webhook HTTP/1.1\r\nHost: loc", true },
        { "head that is none", "\u0016\u0003\u0001 garbage\r\n\r\n", false },
        { "head that is too long", $"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 40_000)}\r\n\r\n", false },
        { "address that is none", "GET \\..\\..\\ HTTP/1.1\r\nHost: localhost\r\n\r\n", false },
        { "answer not waited for", "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n", true },
        { "stream not waited for", "GET /api/runs/stream?code=function-key HTTP/1.1\r\nHost: localhost\r\n\r\n", true },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Is_No_Error_Of_Ours(string name, string request, bool resets)
    {
        int logged = security.Logs.Entries.Count;

        string answer = await SendAsync(request, resets);

        Assert.DoesNotContain(" 500 ", answer.Split('\r')[0], StringComparison.Ordinal);
        using HttpResponseMessage health = await security.App.Http.GetAsync("api/health", Stop);
        Assert.True(health.IsSuccessStatusCode, name);
        Assert.DoesNotContain(security.Logs.Entries.Skip(logged), entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Two_Hundred_Clients_That_Claim_25_MB_Each_Cost_Less_Than_50_MB()
    {
        List<TcpClient> clients = [];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 200; i++)
        {
            TcpClient client = new();
            clients.Add(client);
            await client.ConnectAsync("127.0.0.1", security.App.Http.BaseAddress!.Port, Stop);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 26214400\r\n\r\n{{\"x\":1"), Stop);
        }

        using HttpResponseMessage health = await security.App.Http.GetAsync("api/health", Stop);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        clients.ForEach(client => client.Dispose());

        TestContext.Current.TestOutputHelper?.WriteLine($"The heap grew by {grown / 1_000_000.0:0.0} MB.");
        Assert.True(health.IsSuccessStatusCode, "Others are served meanwhile.");
        Assert.InRange(grown, long.MinValue, 50_000_000);
    }

    private async Task<string> SendAsync(string request, bool resets)
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", security.App.Http.BaseAddress!.Port, Stop);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Stop);
        if (resets)
        {
            // Without lingering, closing resets the connection.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Close();
            return string.Empty;
        }

        client.Client.Shutdown(SocketShutdown.Send);
        using StreamReader reader = new(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync(Stop).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        }
        catch (IOException)
        {
            // The host closes a connection whose body it will not read.
            return string.Empty;
        }
    }
}
