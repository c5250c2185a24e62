using System.Globalization;
using DurableTask.Sqlite;

namespace SiteMonitor.Benchmarks;

/// <summary>Options of the command line.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Null for the benchmark's own sizes.</summary>
    public int? Instances { get; init; }

    /// <summary>File for the figures as JSON, in addition to the table.</summary>
    public string? Json { get; init; }

    /// <summary>Connection string of an Azurite that holds the ledger instead of SQLite; null for SQLite.</summary>
    public string? Blobs { get; init; }

    /// <summary>Another webhook receiver, measured with the same deliveries; null for none.</summary>
    public Uri? Peer { get; init; }

    public int Clients { get; init; } = 256;

    public int Kills { get; init; } = 25;

    /// <summary>For the fault campaign: number of seeds.</summary>
    public int Seeds { get; init; } = 20;

    public int Seed { get; init; } = Environment.TickCount;

    /// <summary>For the crash campaign: test the engine alone, without host and GitHub.</summary>
    public bool EngineOnly { get; init; }

    public DurabilityMode Durability { get; init; } = DurabilityMode.Full;

    /// <exception cref="FormatException">An option does not exist or has a wrong value.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        BenchmarkOptions options = new() { EngineOnly = args.Contains("--engine") };
        args = [.. args.Where(a => a != "--engine")];
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--instances" or "--issues" => options with { Instances = Number(args[i], value) },
                "--clients" => options with { Clients = Number(args[i], value) },
                "--kills" => options with { Kills = Number(args[i], value) },
                "--seed" => options with { Seed = Number(args[i], value) },
                "--seeds" => options with { Seeds = Number(args[i], value) },
                "--json" => options with { Json = value },
                "--blobs" => options with { Blobs = value },
                "--peer" => options with
                {
                    Peer = Uri.TryCreate(value, UriKind.Absolute, out Uri? peer)
                        ? peer
                        : throw new FormatException($"--peer needs the address of a webhook, not '{value}'."),
                },
                "--durability" => options with
                {
                    Durability = Enum.TryParse(value, ignoreCase: true, out DurabilityMode mode)
                        ? mode
                        : throw new FormatException("--durability is full or normal."),
                },
                _ => throw new FormatException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }

    private static int Number(string option, string value) =>
        int.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new FormatException($"{option} needs a number above 0, not '{value}'.");
}
