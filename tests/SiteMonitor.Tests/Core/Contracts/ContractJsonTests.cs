using System.Text.Json;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Core.Contracts;

public sealed class ContractJsonTests
{
    [Fact]
    public void Members_that_were_not_sent_keep_their_defaults()
    {
        BatchRequest batch = JsonSerializer.Deserialize("{}", ContractJson.Default.BatchRequest)!;
        BatchResponse answer = JsonSerializer.Deserialize("""{"started":0,"issues":[],"new":"member"}""", ContractJson.Default.BatchResponse)!;

        Assert.Equal(("auto", BatchRequest.DefaultSize, PriorityNames.Normal), (batch.Stage, batch.BatchSize, batch.Priority));
        Assert.Empty(answer.Problems);
    }

    [Fact]
    public void Answers_are_written_in_camel_case() =>
        Assert.Equal("""{"instanceId":"o:r:1","reason":"started"}""", JsonSerializer.Serialize(new WebhookResponse { InstanceId = "o:r:1", Reason = "started" }, ContractJson.Default.WebhookResponse));
}
