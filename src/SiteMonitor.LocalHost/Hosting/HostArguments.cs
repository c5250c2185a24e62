using System.CommandLine;
using System.CommandLine.Invocation;
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
    public const string LowVolumeScenario = "low-volume";
    public const string FailingModelScenario = "failing-model";

    public static string[] Scenarios { get; } = [RolloutScenario, LowVolumeScenario, FailingModelScenario];

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

    /// <summary>Rollout phase in which a sandbox begins; null for the default.</summary>
    public string? Phase { get; init; }

    /// <summary>An export whose open issues fill the sandbox; null for the built-in findings.</summary>
    public string? Import { get; init; }

    /// <summary>Whether the issues of <see cref="Import"/>, closed ones too, arrive with their real spacing on the simulated clock.</summary>
    public bool ReplaysArrivals { get; init; }

    /// <summary>When a step that has been reported is safe on disk.</summary>
    public DurabilityMode Durability { get; init; } = DurabilityMode.Full;

    /// <summary>How long the durable engine keeps finished runs; null for ever.</summary>
    public TimeSpan? KeepFinished { get; init; }

    /// <summary>Scenario to play instead of serving, one of <see cref="Scenarios"/>; null for none.</summary>
    public string? Scenario { get; init; }

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Parses the command line.</summary>
    /// <param name="exitCode">Exit code if there is nothing to run: help was shown, or an argument is wrong.</param>
    public static HostArguments? Parse(string[] args, out int exitCode)
    {
        HostOptions options = new();
        ParseResult parsed = options.Command.Parse(args);
        exitCode = 0;
        if (parsed.Action is ParseErrorAction errors)
        {
            errors.ShowHelp = false;
        }

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
            Description = "Port of the HTTP routes; 0 selects a free one.",
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
            Description = "Directory of host.json and local.settings.json. Default: the current directory if it has a host.json, "
                + "else the host's own.",
        };
        private readonly Option<string?> _repository = new("--repo")
        {
            Description = "Repository to work on, as owner/name, instead of the setting GitHub:Repositories.",
        };
        private readonly Option<bool> _sandbox = new("--sandbox")
        {
            Description = "Simulates GitHub and the model. This is the default without settings for GitHub.",
        };
        private readonly Option<bool> _fresh = new("--fresh") { Description = "Discard an interrupted sandbox run." };
        private readonly Option<bool> _realLimits = new("--real-limits")
        {
            Description = "Apply GitHub's own rate limits in the sandbox instead of scaled ones.",
        };
        private readonly Option<bool> _backlog = new("--backlog") { Description = "Process all waiting issues and show the progress." };
        private readonly Option<bool> _untilIdle = new("--until-idle")
        {
            Description = "End when all work is done, with exit code 0 if no issue failed, else 1.",
        };
        private readonly Option<DurabilityMode> _durability = new("--durability")
        {
            Description = "full: every step is on disk before it is reported. normal: a power cut may undo the last moments; "
                + "a crash undoes nothing.",
            DefaultValueFactory = _ => DurabilityMode.Full,
        };

        private readonly Option<int?> _keepDays = new("--keep-days")
        {
            Description = "Days that the durable engine keeps finished runs; the ledger keeps its own records. Default: for ever.",
        };
        private readonly Option<string?> _scenario =
            new("--scenario") { Description = $"Play a scenario on a simulated clock: {string.Join(", ", Scenarios)}." };
        private readonly Option<string?> _phase = new("--phase")
        {
            Description = "Rollout phase in which the sandbox begins, such as development. Default: full.",
        };
        private readonly Option<string?> _import = new("--import")
        {
            Description = "Export (sitemonitor export) whose open issues fill the sandbox as they were opened, "
                + "instead of the built-in findings.",
        };
        private readonly Option<bool> _replayArrivals = new("--replay-arrivals")
        {
            Description = "With --import: opens all issues of the export at their original intervals on the simulated clock. "
                + "With --until-idle, the clock advances to each arrival by itself.",
        };
        private readonly Option<string[]> _set = new("--set")
        {
            Description = "Setting as NAME=VALUE; may be repeated, the last of a name counts. "
                + "Not for secrets: other users of this machine can see command lines.",
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
                    result.AddError($"--keep-days: '{token.Value}' is not a number of days. Write 1 to 36500.");
                }
            });
            _port.Validators.Add(static result =>
            {
                if (result.Tokens is [var token]
                    && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port)
                    && port is < 0 or > IPEndPoint.MaxPort)
                {
                    result.AddError($"--port: {token.Value} is out of range. Write 0 to {IPEndPoint.MaxPort}.");
                }
            });
            _root.Validators.Add(static result =>
            {
                if (result.Tokens is [{ Value.Length: > 0 } token] && !Directory.Exists(token.Value))
                {
                    result.AddError($"--root: there is no directory {Path.GetFullPath(token.Value)}.");
                }
            });
            RefuseBlank(_data);
            RefuseBlank(_root);
            RefuseBlank(_phase);
            RefuseBlank(_import);
            _durability.AcceptOnlyFromAmong("full", "normal");
            _scenario.AcceptOnlyFromAmong(Scenarios);
            _repository.Validators.Add(static result =>
            {
                if (result.Tokens is [var token] && !RepositoryRef.TryParse(token.Value, out _))
                {
                    result.AddError($"--repo: '{token.Value}' is not a repository. Write owner/name.");
                }
            });
            _set.Validators.Add(static result =>
            {
                foreach (Token token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                {
                    result.AddError($"--set: '{token.Value}' is not a setting. Write NAME=VALUE.");
                }
            });
            Command = new RootCommand("Runs SiteMonitor's functions on this machine, with an embedded durable engine.")
            {
                _port, _listen, _data, _root, _repository, _sandbox, _fresh, _realLimits, _backlog, _untilIdle, _durability, _keepDays,
                _scenario, _phase, _import, _replayArrivals, _set,
            };
            Command.Validators.Add(result =>
            {
                if (result.GetValue(_import) is not null && result.GetValue(_scenario) is not null)
                {
                    result.AddError("--import: a scenario plays issues of its own. Leave one of the two options out.");
                }

                if (result.GetValue(_replayArrivals) && result.GetValue(_import) is null)
                {
                    result.AddError("--replay-arrivals needs an export: add --import FILE.");
                }
            });
        }

        public RootCommand Command { get; }

        public HostArguments Read(ParseResult parsed) => new()
        {
            Port = parsed.GetValue(_port),
            Address = parsed.GetValue(_listen)!,
            DataDirectory = parsed.GetRequiredValue(_data),
            Root = parsed.GetValue(_root) is { } root ? Path.GetFullPath(root) : DefaultRoot,
            Repository = parsed.GetValue(_repository) is { } name ? RepositoryRef.Parse(name) : null,
            Sandbox = parsed.GetValue(_sandbox),
            Fresh = parsed.GetValue(_fresh),
            RealLimits = parsed.GetValue(_realLimits),
            Backlog = parsed.GetValue(_backlog),
            UntilIdle = parsed.GetValue(_untilIdle),
            Durability = parsed.GetValue(_durability),
            KeepFinished = parsed.GetValue(_keepDays) is { } days ? TimeSpan.FromDays(days) : null,
            Scenario = parsed.GetValue(_scenario),
            Phase = parsed.GetValue(_phase),
            ReplaysArrivals = parsed.GetValue(_replayArrivals),
            Import = parsed.GetValue(_import) is { } import ? Path.GetFullPath(import) : null,
            Settings = parsed.GetRequiredValue(_set).Select(s => s.Split('=', 2))
                .GroupBy(s => s[0].Replace("__", ":", StringComparison.Ordinal), s => s[1], StringComparer.OrdinalIgnoreCase)
                .ToDictionary(g => g.Key, g => (string?)g.Last(), StringComparer.OrdinalIgnoreCase),
        };

        private static string DefaultRoot =>
            File.Exists(HostJson.FileName) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;

        // As a script passes it whose variable is not set.
        private static void RefuseBlank(Option option) => option.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && string.IsNullOrWhiteSpace(token.Value))
            {
                result.AddError($"{result.Option.Name}: the value is empty. Write one, or leave the option out.");
            }
        });

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

    /// <summary>Ctrl-C ended the backlog or the scenario.</summary>
    public const int Interrupted = 130;
}
