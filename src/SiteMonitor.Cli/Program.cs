using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;

return await SiteMonitorCommand.RunAsync(Terminal.ForProcess(), args, CancellationToken.None);
