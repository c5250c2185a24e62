using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Security;

/// <summary>
/// Mutated deliveries: 5,000, or 100,000 with <c>dotnet dev.cs test --long</c> (the variable SITEMONITOR_LONG_TESTS). None is accepted without the
/// right signature, and none is answered with a server error.
/// </summary>
public sealed class DeliveryPropertyTests(SecurityApp security) : IClassFixture<SecurityApp>
{
    private const int Seed = 20261130;
    private const int Connections = 8;

    private static readonly string[] Events = ["issues", "pull_request", "ping", "push", "issue_comment", string.Empty, "issues; x", new('x', 5_000)];

    private static readonly string[] Values =
        ["null", "true", "-1", "1e400", "9223372036854775808", "\"\"", "\"a lone surrogate\"", "\"../../x\"", "\"a/b/c\"", "[]", "{}", "[[[[]]]]", "\"@everyone\"", "\"\\u0000\"", "0.5"];

    private static int Count => LongTests.IsEnabled ? 100_000 : 5_000;

    [Fact]
    public async Task None_Is_Accepted_Without_Its_Signature_And_None_Is_A_Server_Error()
    {
        // Whatever parses and is signed is answered without a start: this is about reading, not about what runs do.
        security.App.Flags.Off("AutomaticTriggers");
        int logged = security.Logs.Entries.Count;
        int[] statuses = new int[600];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = TestContext.Current.CancellationToken }, SendAsync);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", statuses.Select((n, status) => (n, status)).Where(s => s.n > 0).Select(s => $"{s.n} × {s.status}")));

        Assert.Equal(Count, statuses.Sum());
        Assert.Equal(0, statuses[500..].Sum());
        Assert.True(statuses[200] > 0 && statuses[400] > 0 && statuses[401] > 0, "Each kind of answer occurs.");
        Assert.DoesNotContain(security.Logs.Entries.Skip(logged), entry => entry.Level >= LogLevel.Error);

        async ValueTask SendAsync(int i, CancellationToken stop)
        {
            Random random = new(Seed + i);
            byte[] body = Mutate(random);
            bool isSigned = random.Next(2) == 0;
            DeliveryBuilder delivery = new() { Event = random.Next(4) == 0 ? Events[random.Next(Events.Length)] : "issues" };
            HttpRequestMessage request = delivery.Build(body, signedBody: isSigned ? body : [.. body, 0]);
            if (!isSigned && random.Next(3) == 0)
            {
                request.Headers.Remove("X-Hub-Signature-256");
                request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", random.Next(3) switch { 0 => "sha256=", 1 => $"sha256={new string('0', 64)}", _ => "sha1=00" });
            }

            using HttpResponseMessage answer = await security.App.Http.SendAsync(request, stop);
            Interlocked.Increment(ref statuses[(int)answer.StatusCode]);
            if (!isSigned)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }
        }
    }

#pragma warning disable CA5394 // The numbers select mutations, and must be the same each time.
    private static byte[] Mutate(Random random)
    {
        JsonObject payload = JsonNode.Parse(DeliveryBuilder.Labeled(random.Next(1, 100), "site-monitor").Json())!.AsObject();
        List<string> names = [.. payload.Select(p => p.Key)];
        for (int i = random.Next(3); i > 0; i--)
        {
            payload[names[random.Next(names.Count)]] = JsonNode.Parse(Values[random.Next(Values.Length)]);
        }

        if (payload["issue"] is JsonObject issue && random.Next(2) == 0)
        {
            string[] members = ["number", "state", "labels", "state_reason"];
            issue[members[random.Next(members.Length)]] = JsonNode.Parse(Values[random.Next(Values.Length)]);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(payload.ToJsonString().Replace("a lone surrogate", "\\ud800", StringComparison.Ordinal));
        for (int i = random.Next(4) == 0 ? random.Next(1, 6) : 0; i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
#pragma warning restore CA5394
}
