using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SiteMonitor.Tests.LocalHost.Functions.Http;

/// <summary>How HTTP triggers behave on the real Functions host, row by row.</summary>
public sealed class HttpFunctionTests(SampleHost host) : IClassFixture<SampleHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null)]
    [InlineData("wrong", null)]
    [InlineData(null, "wrong")]
    [InlineData("", "")]
    public async Task A_guarded_function_without_the_right_key_answers_401_with_an_empty_body(string? header, string? code)
    {
        HttpResponseMessage response = await host.GetAsync("/api/guarded" + (code is null ? "" : $"?code={code}"), header);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task The_function_key_opens_by_header_and_by_code()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/guarded", host.Keys.Function)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/guarded?code={host.Keys.Function}")).StatusCode);
    }

    [Fact]
    public async Task The_header_decides_when_both_are_there()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync($"/api/guarded?code={host.Keys.Function}", "wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/guarded?code=wrong", host.Keys.Function)).StatusCode);
    }

    [Fact]
    public async Task The_master_key_opens_everything_and_admin_functions_take_no_other()
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
    public async Task What_no_function_takes_is_404_with_an_empty_body(string method, string path)
    {
        HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/API/Open")]
    [InlineData("/api/open/")]
    public async Task Case_and_a_trailing_slash_do_not_matter(string path) => Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Route_parameters_are_bound_by_name_and_type()
    {
        Assert.Equal("42", await host.Client.GetStringAsync("/api/things/42", Cancelled));
        Assert.Equal("""{"owner":"a.b-c","repo":"d_e..f","number":null}""", await host.Client.GetStringAsync("/api/issues/a.b-c/d_e..f", Cancelled));
        Assert.Equal("""{"owner":"o","repo":"r","number":"7"}""", await host.Client.GetStringAsync("/api/issues/o/r/7", Cancelled));
        Assert.Equal("""{"path":"x/y/z"}""", await host.Client.GetStringAsync("/api/rest/x/y/z", Cancelled));
        Assert.Equal("""{"path":null}""", await host.Client.GetStringAsync("/api/rest", Cancelled));
    }

    [Fact]
    public async Task An_escaped_slash_stays_escaped_in_its_segment() =>
        Assert.Equal("""{"owner":"a%2Fb","repo":"c d","number":null}""", await host.Client.GetStringAsync("/api/issues/a%2Fb/c%20d", Cancelled));

    [Fact]
    public async Task Two_routes_that_differ_by_method_do_not_hide_each_other()
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
    public async Task A_trigger_without_methods_takes_them_all(string method)
    {
        HttpResponseMessage response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/any"), Cancelled);

        Assert.Equal(method, await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_26_MB_is_read_whole(bool chunked)
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
    public async Task A_body_of_120_MB_is_answered_with_500(bool chunked)
    {
        // Expect: 100-continue lets the refusal of a stated length come before the body is on its way.
        HttpRequestMessage request = new(HttpMethod.Post, "/api/count-body") { Content = new StreamContent(new ZeroStream(120L * 1024 * 1024)) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        request.Content.Headers.ContentLength = chunked ? null : 120L * 1024 * 1024;

        HttpResponseMessage response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/throws")]
    [InlineData("/api/throws-later")]
    public async Task A_function_that_throws_answers_500_and_tells_nothing(string path)
    {
        HttpResponseMessage response = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Problem_details_are_sent_as_problem_json_with_their_status()
    {
        HttpResponseMessage response = await host.GetAsync("/api/problem");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Not so", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("/api/record", """{"name":"Zoë 🤖","visitCount":3}""")]
    [InlineData("/api/plain-object", """{"name":"plain","visitCount":1}""")]
    public async Task Records_are_written_in_camel_case_and_UTF8(string path, string json)
    {
        HttpResponseMessage response = await host.GetAsync(path);

        Assert.Equal("utf-8", response.Content.Headers.ContentType!.CharSet);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)));
    }

    [Fact]
    public async Task Response_headers_pass_and_the_request_is_as_sent()
    {
        HttpResponseMessage response = await host.GetAsync("/api/headers");

        Assert.Equal("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal($"http {host.Client.BaseAddress!.Authority} /api/headers", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task The_context_knows_the_function_the_request_and_the_route() =>
        Assert.Equal("""{"name":"context","same":true,"id":"abc","invocation":true}""", await host.Client.GetStringAsync("/api/context/abc", Cancelled));

    [Fact]
    public async Task An_event_stream_arrives_piece_by_piece()
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
    public async Task A_client_that_goes_away_cancels_the_function()
    {
        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> request = host.Client.GetAsync("/api/wait-until-aborted", leave.Token);
        await host.Log.Began.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(await host.Log.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task The_root_shows_the_hosts_own_page()
    {
        HttpResponseMessage response = await host.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }
}

/// <summary>A stream of that many zero bytes, held nowhere.</summary>
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
