using SiteMonitor.Benchmarks;

return await Cli.RunAsync(args);
