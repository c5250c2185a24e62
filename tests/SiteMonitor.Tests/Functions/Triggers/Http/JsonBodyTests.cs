using System.Text;
using Microsoft.AspNetCore.Http;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Functions.Triggers.Http;

public sealed class JsonBodyTests
{
    [Fact]
    public async Task An_empty_body_is_a_request_with_defaults() => Assert.Equal(new PipelineRequest(), await ReadAsync(string.Empty));

    [Fact]
    public async Task Known_members_are_read_and_the_others_keep_their_defaults() =>
        Assert.Equal(new PipelineRequest { Stage = "analysis", DryRun = true }, await ReadAsync("""{ "stage": "analysis", "dryRun": true }"""));

    [Theory]
    [InlineData("""{ "stages": "all" }""", "stages: unknown member.")]
    [InlineData("""{ "dryRun": "yes" }""", "dryRun: expected true or false.")]
    [InlineData("""{ "stage": 1 }""", "stage: expected a string.")]
    [InlineData("""{ "stage": """, "line 1")]
    [InlineData("""{ "stage": "auto", "stage": "all" }""", "line")]
    public async Task What_is_wrong_is_named(string json, string expected)
    {
        RequestBodyException refused = await Assert.ThrowsAsync<RequestBodyException>(() => ReadAsync(json));

        Assert.Equal(StatusCodes.Status400BadRequest, refused.Status);
        Assert.Contains(expected, Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"auto\"")]
    [InlineData("null")]
    public async Task Anything_but_an_object_is_refused(string json) =>
        Assert.Equal(StatusCodes.Status400BadRequest, (await Assert.ThrowsAsync<RequestBodyException>(() => ReadAsync(json))).Status);

    [Fact]
    public async Task A_form_is_refused_with_what_to_send() =>
        Assert.Equal(
            StatusCodes.Status415UnsupportedMediaType,
            (await Assert.ThrowsAsync<RequestBodyException>(() => ReadAsync("{}", "application/x-www-form-urlencoded"))).Status);

    private static Task<PipelineRequest> ReadAsync(string json, string contentType = "application/json")
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(json));
        context.Request.ContentType = contentType;
        return JsonBody.ReadAsync(context.Request, ContractJson.Default.PipelineRequest, TestContext.Current.CancellationToken);
    }
}
