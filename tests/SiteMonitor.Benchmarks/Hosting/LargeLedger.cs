using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>A ledger of 90 days in phase <c>full</c>: runs of both logics, what became of some of them, and heartbeats.</summary>
internal sealed class LargeLedger(int runs)
{
    private const int Days = 90;
    private const string Phase = "full";

    /// <summary>An append to a blob takes at most 4 MB.</summary>
    private const int MaxBlock = 4_000_000;

    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    private DateTimeOffset From => _now.AddDays(-Days);

    /// <summary>Writes the ledger to SQLite, and the rollout's state, whose evidence begins with the ledger.</summary>
    public async Task WriteAsync(string file, bool withRecords)
    {
        LocalDatabase database = new(file);
        RolloutState state = new()
        {
            Phase = Phase,
            PhaseSince = From,
            EvidenceFrom = From,
            SoakFrom = From,
            GuardFrom = From,
            Launched = From,

            // The guard has counted each run as it ended.
            Guard = GuardState.Empty with { CountedThrough = _now },
        };
        await new SqliteRolloutStore(database).SaveAsync(state, [], null, CancellationToken.None);
        if (withRecords)
        {
            using SqliteRunLedger ledger = new(database);
            foreach (RunRecord record in CreateRecords())
            {
                await ledger.AppendAsync(record, CancellationToken.None);
            }
        }

        database.Release();
    }

    /// <summary>Writes the ledger to one append blob a day, as the application does, but many records at a time.</summary>
    public async Task WriteAsync(string connection, string container)
    {
        BlobContainerClient blobs = new BlobServiceClient(connection).GetBlobContainerClient(container);
        await blobs.CreateAsync();
        foreach (IGrouping<DateTime, RunRecord> day in CreateRecords().GroupBy(r => r.Started.UtcDateTime.Date))
        {
            AppendBlobClient blob = blobs.GetAppendBlobClient(FormattableString.Invariant($"runs/{day.Key:yyyy/MM/dd}.jsonl"));
            await blob.CreateAsync();
            StringBuilder block = new();
            foreach (RunRecord record in day)
            {
                block.Append(LedgerJson.Write(record)).Append('\n');
                if (block.Length > MaxBlock / 2)
                {
                    await AppendAsync(blob, block);
                }
            }

            await AppendAsync(blob, block);
        }
    }

    private static async Task AppendAsync(AppendBlobClient blob, StringBuilder block)
    {
        if (block.Length > 0)
        {
            await blob.AppendBlockAsync(new MemoryStream(Encoding.UTF8.GetBytes(block.ToString())));
            block.Clear();
        }
    }

    private IEnumerable<RunRecord> CreateRecords()
    {
        Random random = new(1);
        DateTimeOffset beat = From;
        for (int i = 0; i < runs; i++)
        {
            RunRecord run = CreateRun(i, From + ((_now - From) * i / runs), random);
            for (; beat <= run.Started; beat += Heartbeats.Interval)
            {
                yield return Heartbeats.Create(beat, Phase);
            }

            yield return run;
            if (i % 50 == 49)
            {
                yield return CreateOutcome(run);
            }
        }
    }

    private static RunRecord CreateRun(int number, DateTimeOffset started, Random random)
    {
        Logic logic = random.NextDouble() < 0.5 ? Logic.Unified : Logic.Legacy;
        double dice = random.NextDouble();
        RunOutcome outcome = dice < 0.005 ? RunOutcome.Failed : dice < 0.15 ? RunOutcome.Waiting : RunOutcome.Succeeded;
        long milliseconds = random.Next(4_000, 16_000);
        bool isUnified = logic == Logic.Unified;
        return new RunRecord
        {
            Kind = RunKind.Run,
            RunId = new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString("N"),
            Issue = $"{SeedCatalogue.Repository}#{number + 1}",
            Trigger = TriggerNames.Webhook,
            Stages =
            [
                new StageRecord(Stage.Analysis, logic, outcome, milliseconds / 2),
                new StageRecord(Stage.Preparation, logic, outcome, milliseconds / 2),
            ],
            Route = logic,
            RouteReason = "targeting: 50 %",
            FlagsRevision = "3f1c9a7e52d04b68",
            Phase = Phase,
            InputHash = Convert.ToHexStringLower(BitConverter.GetBytes((long)number)).PadLeft(64, '0'),
            Outcome = outcome,
            ReasonCode = outcome == RunOutcome.Waiting ? "score-between" : outcome == RunOutcome.Failed ? "github-not-found" : string.Empty,
            Reason = outcome == RunOutcome.Waiting ? $"The best score is 0.{random.Next(60, 80)}: a person decides." : string.Empty,
            Specialists = outcome == RunOutcome.Succeeded ? ["intelligence-analyst"] : [],
            ContentType = isUnified ? "threat report" : string.Empty,
            LabelsBefore = ["site-monitor"],
            LabelsAdded = outcome == RunOutcome.Succeeded ? ["intelligence-analyst", "copilot-assigned"] : ["needs-review"],
            LabelsRemoved = outcome == RunOutcome.Succeeded ? ["site-monitor"] : [],
            Usage = isUnified
                ? new Usage { GitHubReads = 2, GitHubWrites = 3, ModelCalls = 1, PromptTokens = random.Next(800, 2_000),
                    CompletionTokens = random.Next(200, 600), Dollars = 0.0041m }
                : new Usage { GitHubReads = 2, GitHubWrites = 1 },
            DurationMs = milliseconds,
            Started = started,
            Ended = started.AddMilliseconds(milliseconds),
        };
    }

    private static RunRecord CreateOutcome(RunRecord run) => new()
    {
        Kind = RunKind.Outcome,
        RunId = $"{run.RunId}-changed",
        Issue = run.Issue,
        Trigger = TriggerNames.Webhook,
        Outcome = RunOutcome.Succeeded,
        ReasonCode = OutcomeCodes.SpecialistChanged,
        Phase = run.Phase,
        Started = run.Ended.AddMinutes(1),
        Ended = run.Ended.AddMinutes(1),
    };
}
