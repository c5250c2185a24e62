namespace Microsoft.Azure.WebJobs.Host;

/// <summary>Has the name of the Functions host's failure of an activity whose worker process ended.</summary>
internal sealed class FunctionInvocationException(string message) : Exception(message);

/// <summary>Has the name of the Functions host's failure of an activity that exceeded <c>functionTimeout</c>.</summary>
internal sealed class FunctionTimeoutException(string message) : Exception(message);
