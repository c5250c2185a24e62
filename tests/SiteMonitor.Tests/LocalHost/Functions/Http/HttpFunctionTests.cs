using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SiteMonitor.Tests.LocalHost.Functions.Http;

/// <summary>Checks the behaviour of HTTP triggers on the real Functions host, row by row.</summary>
public sealed class HttpFunctionTests(SampleHost host) : IClassFixture<SampleHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null)]
    [InlineData("wrong", null)]
    [InlineData(null, "wrong")]
    [InlineData("", "")]
    public async Task A_Guarded_Function_Without_The_Right_Key_Answers_401_With_An_Empty_Body(string? header, string? code)
    {
        HttpResponseMessage response = await host.GetAsync("/api/guarded" + (code is null ? "" : $"?code={code}"), header);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task The_Function_Key_Opens_By_Header_And_By_Code()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/guarded", host.Keys.Function)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/guarded?code={host.Keys.Function}")).StatusCode);
    }

    [Fact]
    public async Task The_Header_Decides_When_Both_Are_There()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync($"/api/guarded?code={host.Keys.Function}", "wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/guarded?code=wrong", host.Keys.Function)).StatusCode);
    }

    [Fact]
    public async Task The_Master_Key_Opens_Everything_And_Admin_Functions_Take_No_Other()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/guarded", host.Keys.Master)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/admin-only", host.Keys.Master)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/api/admin-only", host.Keys.Function)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/unknown")]
    [InlineData("GET", "/open")]
    [InlineData("GET", "/api/things/abc")]
    [InlineData("POST", "/api/open")]
    [InlineData("DELETE", "/api/guarded")]
    [InlineData("HEAD", "/api/open")]
    [InlineData("OPTIONS", "/api/open")]
    public async Task What_No_Function_Takes_Is_404_With_An_Empty_Body(string method, string path)
    {
        HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/API/Open")]
    [InlineData("/api/open/")]
    public async Task Case_And_A_Trailing_Slash_Do_Not_Matter(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Route_Parameters_Are_Bound_By_Name_And_Type()
    {
        Assert.Equal("42", await host.Client.GetStringAsync("/api/things/42", Cancelled));
        Assert.Equal("""{"owner":"a.b-c","repo":"d_e..f","number":null}""", await host.Client.GetStringAsync("/api/issues/a.b-c/d_e..f", Cancelled));
        Assert.Equal("""{"owner":"o","repo":"r","number":"7"}""", await host.Client.GetStringAsync("/api/issues/o/r/7", Cancelled));
        Assert.Equal("""{"path":"x/y/z"}""", await host.Client.GetStringAsync("/api/rest/x/y/z", Cancelled));
        Assert.Equal("""{"path":null}""", await host.Client.GetStringAsync("/api/rest", Cancelled));
    }

    [Fact]
    public async Task An_Escaped_Slash_Stays_Escaped_In_Its_Segment() =>
        Assert.Equal("""{"owner":"a%2Fb","repo":"c d","number":null}""", await host.Client.GetStringAsync("/api/issues/a%2Fb/c%20d", Cancelled));

    [Fact]
    public async Task Two_Routes_That_Differ_By_Method_Do_Not_Hide_Each_Other()
    {
        HttpResponseMessage posted = await host.Client.PostAsync("/api/rollout/history", null, Cancelled);

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/rollout/history")).StatusCode);
        Assert.Equal("history", await posted.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync("/api/rollout/advance")).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task A_Trigger_Without_Methods_Takes_Them_All(string method)
    {
        HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/any"), Cancelled);

        Assert.Equal(method, await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Body_Of_26_MB_Is_Read_Whole(bool chunked)
    {
        const int Bytes = 26 * 1024 * 1024;
        HttpRequestMessage request = new(HttpMethod.Post, "/api/count-body") { Content = new ByteArrayContent(new byte[Bytes]) };
        request.Headers.TransferEncodingChunked = chunked;

        HttpResponseMessage response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(Bytes, await response.Content.ReadFromJsonAsync<int>(Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Body_Of_120_MB_Is_Refused(bool chunked)
    {
        // Expect: 100-continue lets the refusal of a declared length arrive before the body is sent.
        HttpRequestMessage request = new(
            HttpMethod.Post, "/api/count-body") { Content = new StreamContent(new ZeroStream(120L * 1024 * 1024)) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        request.Content.Headers.ContentLength = chunked ? null : 120L * 1024 * 1024;

        HttpResponseMessage response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/throws")]
    [InlineData("/api/throws-later")]
    public async Task A_Function_That_Throws_Answers_500_And_Tells_Nothing(string path)
    {
        HttpResponseMessage response = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Problem_Details_Are_Sent_As_Problem_Json_With_Their_Status()
    {
        HttpResponseMessage response = await host.GetAsync("/api/problem");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Not so", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("/api/record", """{"name":"Zoë 🤖","visitCount":3}""")]
    [InlineData("/api/plain-object", """{"name":"plain","visitCount":1}""")]
    public async Task Records_Are_Written_In_Camel_Case_And_UTF8(string path, string json)
    {
        HttpResponseMessage response = await host.GetAsync(path);

        Assert.Equal("utf-8", response.Content.Headers.ContentType!.CharSet);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)));
    }

    [Fact]
    public async Task Response_Headers_Pass_And_The_Request_Is_As_Sent()
    {
        HttpResponseMessage response = await host.GetAsync("/api/headers");

        Assert.Equal("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal($"http {host.Client.BaseAddress!.Authority} /api/headers", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task The_Context_Knows_The_Function_The_Request_And_The_Route() =>
        Assert.Equal("""{"name":"context","same":true,"id":"abc","invocation":true}""", await host.Client.GetStringAsync("/api/context/abc", Cancelled));

    [Fact]
    public async Task An_Event_Stream_Arrives_Piece_By_Piece()
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Cancelled));
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Equal("data: 0", await reader.ReadLineAsync(Cancelled));
        TimeSpan first = watch.Elapsed;
        string rest = await reader.ReadToEndAsync(Cancelled);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("data: 2", rest, StringComparison.Ordinal);
        Assert.True(watch.Elapsed - first > TimeSpan.FromMilliseconds(200), "All pieces came at once.");
    }

    [Fact]
    public async Task A_Client_That_Goes_Away_Cancels_The_Function()
    {
        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> request = host.Client.GetAsync("/api/wait-until-aborted", leave.Token);
        await host.Log.Began.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(await host.Log.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task The_Root_Shows_The_Hosts_Own_Page()
    {
        HttpResponseMessage response = await host.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }
}

/// <summary>A stream of zero bytes that are not kept in memory.</summary>
internal sealed class ZeroStream(long bytes) : Stream
{
    private long _left = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = (int)Math.Min(count, _left);
        Array.Clear(buffer, offset, read);
        _left -= read;
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
