using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>dashboard</c>: prints the dashboard's address, or opens it in a browser.</summary>
internal static class DashboardCommand
{
    private const string Route = "dashboard";

    public static Command Create(CommandBuilder builder)
    {
        Option<bool> open = new("--open") { Description = "Open it in the browser, signed in with the key." };
        Command command = new("dashboard", "Show the address of the dashboard.");
        command.Options.Add(open);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            ApiResponse<string> response = await context.Api.GetTextAsync(Route, cancellationToken, isPage: true);
            if (response.Value is null)
            {
                return context.ShowProblem(response);
            }

            bool opens = context.Arguments.GetValue(open);
            Uri address = new(context.Api.Target.Url, $"api/{Route}");
            if (context.Json)
            {
                context.Terminal.Out.WriteJson(new DashboardAddress(address));
            }
            else
            {
                context.Terminal.Out.WriteRawLine(address.AbsoluteUri);
                if (!opens)
                {
                    context.Terminal.Out.WriteNextStep(
                        "open it; it asks for the function key (.sitemonitor/keys.json on this machine). 'dashboard --open' does both.");
                }
            }

            if (opens)
            {
                // Browsers do not send the fragment to servers.
                string? key = context.Api.Target.Key;
                context.Terminal.OpenBrowser(key is null ? address : new Uri($"{address.AbsoluteUri}#key={Uri.EscapeDataString(key)}"));
                string way = key is null ? "and asks for the function key" : "with the function key";
                context.Terminal.Error.WriteStyledLine($"The dashboard opens in the browser {way}.");
            }

            return ExitCode.Ok;
        });
    }

    private sealed record DashboardAddress(Uri Url);
}
