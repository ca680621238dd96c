namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>A column of a chart.</summary>
/// <param name="When">Its time, short: it stands below the chart.</param>
/// <param name="Label">Its time and values in words.</param>
/// <param name="First">The lower part.</param>
/// <param name="Second">The part above it.</param>
public sealed record ChartColumn(string When, string Label, double First, double Second = 0);
