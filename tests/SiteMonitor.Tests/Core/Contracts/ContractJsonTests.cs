using System.Text.Json;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Core.Contracts;

public sealed class ContractJsonTests
{
    [Fact]
    public void Members_That_Were_Not_Sent_Keep_Their_Defaults()
    {
        BatchRequest batch = JsonSerializer.Deserialize("{}", ContractJson.Default.BatchRequest)!;
        BatchResponse answer = JsonSerializer.Deserialize("""{"started":0,"issues":[],"new":"member"}""", ContractJson.Default.BatchResponse)!;

        Assert.Equal(("auto", BatchRequest.DefaultSize, PriorityNames.Normal), (batch.Stage, batch.BatchSize, batch.Priority));
        Assert.Empty(answer.Problems);
    }

    [Fact]
    public void Answers_Are_Written_In_Camel_Case() =>
        Assert.Equal("""{"instanceId":"o:r:1","reason":"started"}""", JsonSerializer.Serialize(new WebhookResponse { InstanceId = "o:r:1", Reason = "started" }, ContractJson.Default.WebhookResponse));
}
