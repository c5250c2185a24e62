#:property PublishAot=false
#:property ImplicitUsings=enable
// The developer's command: dotnet dev.cs run | test | bench | backtest | check | sbom | cli | help. It needs only the .NET SDK.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

// Only what running needs: no analyzers, no reference assemblies.
string[] fastBuild = ["-p:RunAnalyzers=false", "-p:ProduceReferenceAssembly=false"];

string root = FindRoot();
string[] rest = args.Length > 0 ? args[1..] : [];
if (rest is ["--", ..])
{
    rest = rest[1..];
}

return args.FirstOrDefault() switch
{
    "run" => Run(rest),
    "test" => Test(rest),
    "bench" => Build("tests/SiteMonitor.Benchmarks") is int failed and not 0 ? failed : Execute("tests/SiteMonitor.Benchmarks", "SiteMonitor.Benchmarks", rest, Directory.GetCurrentDirectory()),
    "backtest" => Backtest(rest),
    "check" => Check(),
    "sbom" => Sbom(),
    "cli" => Build("src/SiteMonitor.Cli") is int failed and not 0 ? failed : Execute("src/SiteMonitor.Cli", "sitemonitor", rest, Directory.GetCurrentDirectory()),
    "help" or "--help" or "-h" or null => Help(0),
    _ => Help(2),
};

int Help(int exitCode)
{
    (exitCode == 0 ? Console.Out : Console.Error).WriteLine("""
        dotnet dev.cs run [--until-idle] [--repo o/r] [--port 7071] [--phase NAME] [--real-limits] [--fresh] [--set NAME=VALUE]
            starts SiteMonitor on this machine and processes all waiting issues: simulated ones, or with GitHub:Token those of --repo
        dotnet dev.cs run --import export.json [--replay-arrivals] [--until-idle] [--phase NAME]
            the same on the open issues of an export (sitemonitor export), in the sandbox: a rehearsal on your own backlog, or with
            --replay-arrivals on all its issues as they arrived, on the simulated clock
        dotnet dev.cs run --scenario rollout|low-volume|failing-model [--until-idle]
            plays a whole rollout on a simulated clock: phases, gates, a partial and a full rollback, recovery; low-volume with six issues a
            day, failing-model with a model that answers garbage from the fourth week on
        dotnet dev.cs test [--long] [arguments of dotnet test]
            builds and tests everything; the last line is "N passed, N failed"; --long sends 100,000 mutated deliveries instead of 5,000 and plays
            200 seeds of the fault campaign instead of 20
        dotnet dev.cs bench orchestrations|latency|fanout|resume|webhook|pipeline|dashboard|crash|faults|backlog|guard [--instances N] [--json FILE]
            runs a benchmark; pipeline and backlog take --issues N, dashboard --blobs CONNECTION for a ledger in an Azurite, crash --kills N [--seed S] and, for the durable engine alone, --engine;
            faults --seeds N [--seed S]
        dotnet dev.cs backtest [--set NAME=VALUE …] [--against FILE] [--save FILE] [--format html -o FILE] …
            runs sitemonitor backtest against a host of its own with the simulated GitHub; without AzureOpenAI:Endpoint, with the simulated model
        dotnet dev.cs check
            checks the format, analyzers, tests, and that they cover at least 85 % of the lines in src
        dotnet dev.cs sbom
            writes a bill of materials (CycloneDX) for each program into artifacts/sbom
        dotnet dev.cs cli -- status | process-pipeline | rollout | clock | …
            runs the operator's command line, sitemonitor
        """);
    return exitCode;
}

int Run(string[] arguments)
{
    // The host runs in the repository's root; the file is named from here.
    string[] given = [.. arguments.Select((argument, i) => i > 0 && arguments[i - 1] == "--import" ? Path.GetFullPath(argument) : argument)];
    return Build("src/SiteMonitor.LocalHost") is int failed and not 0 ? failed : Execute("src/SiteMonitor.LocalHost", "SiteMonitor.LocalHost", ["--backlog", .. given], root);
}

int Backtest(string[] arguments)
{
    int failed = Math.Max(Build("src/SiteMonitor.LocalHost"), Build("src/SiteMonitor.Cli"));
    if (failed != 0)
    {
        return failed;
    }

    string directory = Path.Combine(root, "artifacts", "backtest");
    string running = Path.Combine(directory, ".sitemonitor", "running.json");
    Directory.CreateDirectory(Path.GetDirectoryName(running)!);
    File.Delete(running);
    string[] files = ["--file", "--against", "--save", "--output", "-o"];
    string[] settings = [.. arguments.Where((argument, i) => argument == "--set" || (i > 0 && arguments[i - 1] == "--set"))];
    string[] command = [.. arguments.Where((argument, i) => argument != "--set" && (i == 0 || arguments[i - 1] != "--set"))];
    command = [.. command.Select((argument, i) => i > 0 && files.Contains(command[i - 1]) ? Path.GetFullPath(argument) : argument)];
    ProcessStartInfo start = CreateStart(
        ["exec", Path.Combine(Output("src/SiteMonitor.LocalHost"), "SiteMonitor.LocalHost.dll"), "--sandbox", "--port", "0", "--data", Path.GetDirectoryName(running)!, .. settings], root);
    start.RedirectStandardOutput = true;
    using Process host = Process.Start(start)!;
    host.BeginOutputReadLine();
    try
    {
        while (!File.Exists(running))
        {
            if (host.WaitForExit(200))
            {
                return host.ExitCode;
            }
        }

        return Execute("src/SiteMonitor.Cli", "sitemonitor", ["backtest", .. command], directory);
    }
    finally
    {
        Forward(host.Id);
        if (OperatingSystem.IsWindows() || !host.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            host.Kill(entireProcessTree: true);
        }
    }
}

// In Release, so that run, bench and backtest find their programs built.
int Test(string[] arguments, string configuration = "Release")
{
    // Compiler and tests run too briefly for the profiles of tiered compilation to gain what collecting them costs.
    Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");

    // Most code is compiled in each process anew: writing it through a second mapping of its pages takes more time than here it is worth.
    Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0");
    if (Dotnet("build", "SiteMonitor.sln", "-c", configuration, "-nologo", "-v", "quiet", "-clp:ErrorsOnly;NoSummary", "-tl:off") != 0)
    {
        Console.Error.WriteLine("The build failed: nothing was tested.");
        Console.WriteLine("0 passed, 1 failed");
        return 1;
    }

    string results = Path.Combine(root, "artifacts", "tests");
    if (Directory.Exists(results))
    {
        Directory.Delete(results, recursive: true);
    }

    if (arguments.Contains("--long"))
    {
        Environment.SetEnvironmentVariable("SITEMONITOR_LONG_TESTS", "1");
        arguments = [.. arguments.Where(argument => argument != "--long")];
    }

    int exitCode = Dotnet(["test", "SiteMonitor.sln", "-c", configuration, "--no-build", "-nologo", "--logger", "trx", "--results-directory", results, .. arguments]);
    (int passed, int failed, int skipped) = Count(results);
    foreach (string name in FailedTests(results))
    {
        Console.WriteLine($"FAILED: {name}");
    }

    failed = exitCode != 0 && failed == 0 ? 1 : failed;
    Console.WriteLine($"{passed} passed, {failed} failed" + (skipped > 0 ? $", {skipped} skipped" : string.Empty));
    return failed > 0 || passed == 0 ? 1 : 0;
}

static (int Passed, int Failed, int Skipped) Count(string results)
{
    (int passed, int failed, int skipped) = (0, 0, 0);
    foreach (string file in Directory.Exists(results) ? Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories) : [])
    {
        XElement counters = XDocument.Load(file).Descendants().First(e => e.Name.LocalName == "Counters");
        int Of(string name) => int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
        int total = Of("total");
        passed += Of("passed");
        failed += Of("failed") + Of("error") + Of("timeout") + Of("aborted");
        skipped += total - Of("executed");
    }

    return (passed, failed, skipped);
}

static IEnumerable<string> FailedTests(string results) =>
    from file in Directory.Exists(results) ? Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories) : []
    from result in XDocument.Load(file).Descendants().Where(e => e.Name.LocalName == "UnitTestResult")
    where result.Attribute("outcome")?.Value == "Failed"
    let message = result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value.ReplaceLineEndings(" ") ?? string.Empty
    select $"{result.Attribute("testName")?.Value}: {message[..Math.Min(message.Length, 500)]}";

int Check()
{
    const double LeastCoverage = 0.85;
    // The build checks code style by analyzers.
    Console.WriteLine("Format …");
    if (Dotnet("format", "whitespace", "SiteMonitor.sln", "--no-restore", "--verify-no-changes") != 0)
    {
        Console.Error.WriteLine("Files are not formatted: run dotnet format SiteMonitor.sln.");
        return 1;
    }

    Console.WriteLine("Analyzers and tests, with coverage …");
    int tests = Test(["--collect", "XPlat Code Coverage", "--", "DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.Include=[SiteMonitor.*]*,[sitemonitor]*", "DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.Exclude=[SiteMonitor.Tests]*,[SiteMonitor.Benchmarks]*", "DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.ExcludeByFile=**/obj/**"], "Debug");
    double coverage = Coverage(Path.Combine(root, "artifacts", "tests"));
    if (coverage < LeastCoverage)
    {
        Console.Error.WriteLine($"Coverage of src is {coverage:P1}; it must be at least {LeastCoverage:P0}.");
    }

    return tests == 0 && coverage >= LeastCoverage ? 0 : 1;
}

int Sbom()
{
    string folder = Path.Combine(root, "artifacts", "sbom");
    bool isRestored = Dotnet("restore", "SiteMonitor.sln", "-v", "quiet") == 0 && Dotnet("tool", "restore") == 0;
    string[] programs = ["SiteMonitor.Functions", "SiteMonitor.LocalHost", "SiteMonitor.Cli"];
    return isRestored && programs.All(program => Dotnet("dotnet-CycloneDX", $"src/{program}/{program}.csproj",
        "--disable-package-restore", "--recursive", "--output", folder, "--filename", $"{program}.cdx.json", "--output-format", "Json") == 0) ? 0 : 1;
}

static double Coverage(string results)
{
    Dictionary<(string Project, string File, string Line), bool> lines = [];
    foreach (string file in Directory.GetFiles(results, "coverage.cobertura.xml", SearchOption.AllDirectories))
    {
        foreach (XElement package in XDocument.Load(file).Descendants("package"))
        {
            foreach (XElement type in package.Descendants("class"))
            {
                foreach (XElement line in type.Element("lines")?.Elements("line") ?? [])
                {
                    (string, string, string) key = (package.Attribute("name")!.Value, type.Attribute("filename")!.Value, line.Attribute("number")!.Value);
                    lines[key] = lines.GetValueOrDefault(key) || line.Attribute("hits")!.Value != "0";
                }
            }
        }
    }

    static double Share(IEnumerable<bool> hits) => hits.DefaultIfEmpty().Average(h => h ? 1.0 : 0.0);
    foreach (var project in lines.GroupBy(l => l.Key.Project).OrderBy(g => g.Key, StringComparer.Ordinal))
    {
        Console.WriteLine($"  {project.Key,-28} {Share(project.Select(l => l.Value)),7:P1} of {project.Count()} lines");
    }

    double all = Share(lines.Values);
    Console.WriteLine($"  {"src",-28} {all,7:P1} of {lines.Count} lines");
    return all;
}

// Builds one project in Release, unless none of its inputs has changed since the last build.
int Build(string project)
{
    string stamp = Path.Combine(root, "artifacts", "dev", Path.GetFileName(project) + ".stamp");
    string state = StateOfSources(project);
    if (File.Exists(stamp) && File.ReadAllText(stamp) == state && Directory.Exists(Output(project)))
    {
        return 0;
    }

    Console.WriteLine($"Building {Path.GetFileName(project)} …{(File.Exists(stamp) ? "" : " The first build takes about a minute.")}");
    ProcessStartInfo start = CreateStart(["build", project, "-c", "Release", "-nologo", "-v", "quiet", "-tl:off", .. fastBuild], root);
    start.RedirectStandardOutput = true;
    // The compiler runs for seconds only: collecting profiles for tiered compilation costs more than it gains.
    start.Environment["DOTNET_TieredPGO"] = "0";
    using Process process = Process.Start(start)!;
    string output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    int exitCode = process.ExitCode;
    Console.Write(exitCode == 0 ? string.Concat(output.Split('\n').Where(l => l.Contains("this NuGet feed")).Select(l => $"{l.Trim()}\n")) : output);
    if (exitCode == 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(stamp)!);
        File.WriteAllText(stamp, state);
    }

    return exitCode;
}

string Output(string project) => Path.Combine(root, project, "bin", "Release", "net10.0");

// Hashes names, sizes and times of all files that the build can depend on.
string StateOfSources(string project)
{
    StringBuilder state = new();
    IEnumerable<string> files = Directory.GetFiles(root, "*.props").Concat(Directory.GetFiles(root, "*.targets")).Concat(Directory.GetFiles(root, "*.json"));
    foreach (string folder in new[] { "src", "polyfills", project }.Distinct())
    {
        files = files.Concat(Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories));
    }

    string[] ignored = [$"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"];
    foreach (string file in files.Where(f => !ignored.Any(i => f.Contains(i, StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal))
    {
        FileInfo info = new(file);
        state.Append(CultureInfo.InvariantCulture, $"{file} {info.Length} {info.LastWriteTimeUtc.Ticks}\n");
    }

    return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(state.ToString())));
}

int Execute(string project, string assembly, string[] arguments, string directory) => Start(["exec", Path.Combine(Output(project), assembly + ".dll"), .. arguments], directory);

int Dotnet(params string[] arguments) => Start(arguments, root);

static ProcessStartInfo CreateStart(string[] arguments, string directory)
{
    ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { WorkingDirectory = directory };
    start.Environment["DOTNET_NOLOGO"] = "1";
    start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
    return start;
}

int Start(string[] arguments, string directory)
{
    using Process process = Process.Start(CreateStart(arguments, directory))!;

    // The terminal sends Ctrl-C to the child as well; it must not end the parent first.
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        Forward(process.Id);
    });
    process.WaitForExit();
    return process.ExitCode;
}

static void Forward(int processId)
{
    if (!OperatingSystem.IsWindows())
    {
        using Process? kill = Process.Start("kill", ["-TERM", processId.ToString(CultureInfo.InvariantCulture)]);
        kill?.WaitForExit();
    }
}

static string FindRoot()
{
    for (DirectoryInfo? at = new(Directory.GetCurrentDirectory()); at is not null; at = at.Parent)
    {
        if (File.Exists(Path.Combine(at.FullName, "SiteMonitor.sln")))
        {
            return at.FullName;
        }
    }

    throw new InvalidOperationException("Run this command in the repository.");
}
