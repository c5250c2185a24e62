namespace SiteMonitor.Functions.Starting;

/// <summary>What became of a delivery that asks for work.</summary>
/// <param name="InstanceId">The durable instance that takes care of it.</param>
/// <param name="IsRepeated">The same delivery was taken care of before: nothing was started.</param>
/// <param name="Detail">For people.</param>
public sealed record DeliveryStart(string InstanceId, bool IsRepeated, string Detail);
