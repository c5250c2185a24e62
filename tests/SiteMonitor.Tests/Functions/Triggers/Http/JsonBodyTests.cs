using System.Text;
using Microsoft.AspNetCore.Http;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Functions.Triggers.Http;

public sealed class JsonBodyTests
{
    [Fact]
    public async Task An_Empty_Body_Is_A_Request_With_Defaults() => Assert.Equal(new PipelineRequest(), await ReadAsync(string.Empty));

    [Fact]
    public async Task Known_Members_Are_Read_And_The_Others_Keep_Their_Defaults() =>
        Assert.Equal(new PipelineRequest { Stage = "analysis", DryRun = true }, await ReadAsync("""{ "stage": "analysis", "dryRun": true }"""));

    [Theory]
    [InlineData("""{ "stages": "all" }""", "stages: unknown member.")]
    [InlineData("""{ "dryRun": "yes" }""", "dryRun: expected true or false.")]
    [InlineData("""{ "stage": 1 }""", "stage: expected a string.")]
    [InlineData("""{ "stage": """, "line 1")]
    [InlineData("""{ "stage": "auto", "stage": "all" }""", "line")]
    public async Task What_Is_Wrong_Is_Named(string json, string expected)
    {
        HttpProblemException refused = await Assert.ThrowsAsync<HttpProblemException>(() => ReadAsync(json));

        Assert.Equal(StatusCodes.Status400BadRequest, refused.Problem.Status);
        Assert.Contains(expected, Assert.Single(refused.Problem.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"auto\"")]
    [InlineData("null")]
    public async Task Anything_But_An_Object_Is_Refused(string json) =>
        Assert.Equal(StatusCodes.Status400BadRequest, (await Assert.ThrowsAsync<HttpProblemException>(() => ReadAsync(json))).Problem.Status);

    [Fact]
    public async Task A_Form_Is_Refused_With_What_To_Send() =>
        Assert.Equal(
            StatusCodes.Status415UnsupportedMediaType,
            (await Assert.ThrowsAsync<HttpProblemException>(() => ReadAsync("{}", "application/x-www-form-urlencoded"))).Problem.Status);

    private static Task<PipelineRequest> ReadAsync(string json, string contentType = "application/json")
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(json));
        context.Request.ContentType = contentType;
        return JsonBody.ReadAsync(context.Request, ContractJson.Default.PipelineRequest, TestContext.Current.CancellationToken);
    }
}
