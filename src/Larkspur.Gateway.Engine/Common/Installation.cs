namespace Larkspur.Gateway.Common;

/// <summary>What every room may know of this installation.</summary>
/// <param name="DataFolder">The data folder.</param>
/// <param name="TimeZone">The company's time zone, for times in messages when the person's client tells none, and for schedules.</param>
internal sealed record Installation(string DataFolder, TimeZoneInfo TimeZone);
