using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using DurableTask.Sqlite;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>The command line of the host.</summary>
internal sealed record HostArguments
{
    public const int DefaultPort = 7071;
    public const string RolloutScenario = "rollout";

    public int Port { get; init; } = DefaultPort;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public required string DataDirectory { get; init; }

    public required string Root { get; init; }

    /// <summary>Repository to work on, instead of <c>GitHub:Repositories</c>.</summary>
    public RepositoryRef? Repository { get; init; }

    /// <summary>Uses the simulated GitHub and model even if settings for the real ones exist.</summary>
    public bool Sandbox { get; init; }

    /// <summary>Discards an interrupted sandbox run.</summary>
    public bool Fresh { get; init; }

    /// <summary>Applies GitHub's own rate limits in the sandbox.</summary>
    public bool RealLimits { get; init; }

    /// <summary>Processes the backlog and shows its progress.</summary>
    public bool Backlog { get; init; }

    /// <summary>Ends when all work is done.</summary>
    public bool UntilIdle { get; init; }

    /// <summary>When a step that has been reported is safe on disk.</summary>
    public DurabilityMode Durability { get; init; } = DurabilityMode.Full;

    /// <summary>How long the durable engine keeps finished runs; null for ever.</summary>
    public TimeSpan? KeepFinished { get; init; }

    /// <summary>Scenario to play instead of serving; null for none.</summary>
    public string? Scenario { get; init; }

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Parses the command line.</summary>
    /// <param name="exitCode">Exit code if there is nothing to run: help was shown, or an argument is wrong.</param>
    public static HostArguments? Parse(string[] args, out int exitCode)
    {
        HostOptions options = new();
        ParseResult parsed = options.Command.Parse(args);
        exitCode = 0;
        if (parsed.Action is not null || parsed.Errors.Count > 0)
        {
            exitCode = parsed.Invoke() == 0 ? 0 : HostExitCode.CannotStart;
            return null;
        }

        return options.Read(parsed);
    }

    private sealed class HostOptions
    {
        private readonly Option<int> _port = new("--port")
        {
            Description = "Port of the HTTP routes; 0 takes a free one.",
            DefaultValueFactory = _ => DefaultPort,
        };
        private readonly Option<IPAddress> _listen = new("--listen")
        {
            Description = "Address to listen on. Anything but the loopback address opens the host to the network.",
            CustomParser = static result => ParseAddress(result),
            DefaultValueFactory = _ => IPAddress.Loopback,
        };

        private readonly Option<string> _data = new("--data")
        {
            Description = "Directory for databases and keys.",
            DefaultValueFactory = _ => ".sitemonitor",
        };
        private readonly Option<string?> _root = new("--root")
        {
            Description = "Directory of host.json and local.settings.json. Default: the current one when it has a host.json, else the host's own.",
        };
        private readonly Option<string?> _repository = new("--repo")
        {
            Description = "owner/name: the repository to work on, instead of the setting GitHub:Repositories.",
        };
        private readonly Option<bool> _sandbox = new("--sandbox")
        {
            Description = "Simulated GitHub and model. So it is without any setting of GitHub's.",
        };
        private readonly Option<bool> _fresh = new("--fresh") { Description = "Forget a sandbox run that was interrupted." };
        private readonly Option<bool> _realLimits = new("--real-limits")
        {
            Description = "GitHub's own rate limits in the sandbox, instead of scaled ones.",
        };
        private readonly Option<bool> _backlog = new("--backlog") { Description = "Process every issue that waits, and show it." };
        private readonly Option<bool> _untilIdle = new("--until-idle")
        {
            Description = "End when all work is done: 0 when no issue failed, else 1.",
        };
        private readonly Option<DurabilityMode> _durability = new("--durability")
        {
            Description = "full: every step is on the disk before it is reported. normal: a power cut may take back the last moments; a crash takes nothing.",
            DefaultValueFactory = _ => DurabilityMode.Full,
        };

        private readonly Option<int?> _keepDays = new("--keep-days")
        {
            Description = "Days the durable engine keeps finished runs; the ledger keeps its own records. Default: for ever.",
        };
        private readonly Option<string?> _scenario = new("--scenario") { Description = "Plays a scenario on a simulated clock: rollout." };
        private readonly Option<string[]> _set = new("--set")
        {
            Description = "A setting, NAME=VALUE; may be repeated. Not for secrets: other users of the machine see command lines.",
            DefaultValueFactory = _ => [],
        };

        public HostOptions()
        {
            _keepDays.Validators.Add(static result =>
            {
                if (result.Tokens is [var token]
                    && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int days)
                        && days is > 0 and <= 36_500))
                {
                    result.AddError($"--keep-days: '{token.Value}' is no number of days; write 1 to 36500.");
                }
            });
            _durability.AcceptOnlyFromAmong("full", "normal");
            _scenario.AcceptOnlyFromAmong(RolloutScenario);
            _repository.Validators.Add(static result =>
            {
                if (result.Tokens is [var token] && !RepositoryRef.TryParse(token.Value, out _))
                {
                    result.AddError($"--repo: '{token.Value}' is no repository; write owner/name.");
                }
            });
            _set.Validators.Add(static result =>
            {
                foreach (Token token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                {
                    result.AddError($"--set: '{token.Value}' is no setting; write NAME=VALUE.");
                }
            });
            Command = new RootCommand("Runs SiteMonitor's functions on this machine, with an embedded durable engine.")
            {
                _port, _listen, _data, _root, _repository, _sandbox, _fresh, _realLimits, _backlog, _untilIdle, _durability, _keepDays,
                _scenario, _set,
            };
        }

        public RootCommand Command { get; }

        public HostArguments Read(ParseResult parsed) => new()
        {
            Port = parsed.GetValue(_port),
            Address = parsed.GetValue(_listen)!,
            DataDirectory = parsed.GetRequiredValue(_data),
            Root = parsed.GetValue(_root) ?? (File.Exists(HostJson.FileName) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory),
            Repository = parsed.GetValue(_repository) is { } name ? RepositoryRef.Parse(name) : null,
            Sandbox = parsed.GetValue(_sandbox),
            Fresh = parsed.GetValue(_fresh),
            RealLimits = parsed.GetValue(_realLimits),
            Backlog = parsed.GetValue(_backlog),
            UntilIdle = parsed.GetValue(_untilIdle),
            Durability = parsed.GetValue(_durability),
            KeepFinished = parsed.GetValue(_keepDays) is { } days ? TimeSpan.FromDays(days) : null,
            Scenario = parsed.GetValue(_scenario),
            Settings = parsed.GetRequiredValue(_set).Select(s => s.Split('=', 2))
                .ToDictionary(s => s[0].Replace("__", ":", StringComparison.Ordinal), s => (string?)s[1], StringComparer.OrdinalIgnoreCase),
        };

        private static IPAddress? ParseAddress(ArgumentResult result)
        {
            if (IPAddress.TryParse(result.Tokens.SingleOrDefault()?.Value, out IPAddress? address))
            {
                return address;
            }

            result.AddError("--listen: write an IP address, such as 127.0.0.1 or 0.0.0.0.");
            return null;
        }
    }
}

/// <summary>Exit codes of the host.</summary>
internal static class HostExitCode
{
    public const int Ok = 0;

    /// <summary>An issue failed, or the backlog could not be read.</summary>
    public const int Failed = 1;

    /// <summary>Arguments or settings are wrong; nothing was started.</summary>
    public const int CannotStart = 2;
}
