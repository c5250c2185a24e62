using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;

return await SiteMonitorCommand.RunAsync(Terminal.OfProcess(), args, CancellationToken.None);
