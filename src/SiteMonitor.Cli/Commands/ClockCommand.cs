using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>clock</c>: shows and advances the simulated time of a sandbox on this machine.</summary>
internal sealed partial class ClockCommand
{
    private const string Route = "sandbox/clock";

    // Each step of a long advance waits for timers and runs.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    private readonly Argument<TimeSpan> _span = new("span")
    {
        Description = "How far, such as 30m, 4h, 5d or 1d12h.",
        CustomParser = static result => ParseSpan(result),
    };

    public static Command Create(CommandBuilder builder)
    {
        ClockCommand instance = new();
        Command advance = new("advance", "Advance the clock; timers, the guard and runs follow.");
        advance.Arguments.Add(instance._span);
        return new Command("clock", "Show or advance the simulated clock of a sandbox on this machine.")
        {
            builder.Build(new Command("show", "Show the simulated time."), ShowAsync),
            builder.Build(advance, instance.AdvanceAsync),
        };
    }

    private static Task<int> ShowAsync(CommandContext context, CancellationToken cancellationToken) =>
        SendAsync(context, http => http.GetAsync(Route, cancellationToken), cancellationToken);

    private Task<int> AdvanceAsync(CommandContext context, CancellationToken cancellationToken)
    {
        TimeSpan span = context.Arguments.GetValue(_span);
        if (!context.Json)
        {
            context.Terminal.Error.WriteRawLine("Advancing the clock; this takes about a second per simulated day …");
        }

        return SendAsync(context, http => http.PostAsJsonAsync(Route, new { advance = span }, cancellationToken), cancellationToken);
    }

    private static async Task<int> SendAsync(
        CommandContext context, Func<HttpClient, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        Uri sandbox = LocalHostFiles.Find(context.Terminal.WorkingDirectory).Sandbox
            ?? throw new UsageException(
                "No sandbox runs on this machine; only its clock can be advanced. Start one with 'dotnet dev.cs run'.");
        using HttpClient http = new(context.Terminal.Http()) { BaseAddress = sandbox, Timeout = Timeout };
        try
        {
            using HttpResponseMessage response = await send(http);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            IAnsiConsole output = response.IsSuccessStatusCode ? context.Terminal.Out : context.Terminal.Error;
            using JsonDocument json = JsonDocument.Parse(body);
            output.WriteRawLine(
                context.Json ? Encoding.UTF8.GetString(body) : Describe(response.IsSuccessStatusCode, json.RootElement));
            return response.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnreachableException(
                $"The sandbox at {sandbox} does not answer ({e.Message}). Start it again with 'dotnet dev.cs run'.");
        }
    }

    private static string Describe(bool isSuccess, JsonElement json) => isSuccess
        ? string.Create(CultureInfo.InvariantCulture,
            $"The sandbox's time is {json.GetProperty("now").GetDateTimeOffset():yyyy-MM-dd HH:mm:ss} UTC.")
        : json.GetProperty("detail").GetString()!;

    private static TimeSpan ParseSpan(ArgumentResult result)
    {
        string text = result.Tokens.SingleOrDefault()?.Value ?? string.Empty;
        Match match = Span().Match(text);
        TimeSpan span = match.Success
            ? TimeSpan.FromDays(Number(match, "d")) + TimeSpan.FromHours(Number(match, "h")) + TimeSpan.FromMinutes(Number(match, "m"))
            : TimeSpan.Zero;
        if (span <= TimeSpan.Zero || span > TimeSpan.FromDays(365))
        {
            result.AddError($"'{text}' is not a span of at most a year. Write for example 30m, 4h, 5d or 1d12h.");
        }

        return span;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? int.Parse(found.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^((?<d>[0-9]{1,3})d)?((?<h>[0-9]{1,4})h)?((?<m>[0-9]{1,5})m)?$")]
    private static partial Regex Span();
}
