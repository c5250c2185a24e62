namespace Microsoft.DurableTask;

/// <summary>Asked after each failure, the last included: shall the task be tried again?</summary>
public delegate bool RetryHandler(RetryContext retryContext);
