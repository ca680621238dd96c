using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Gateway.Common;

/// <summary>Time zones, also on systems without a time zone database.</summary>
internal static class Clocks
{
    /// <summary>China has one zone, without summer time since 1991.</summary>
    public static TimeZoneInfo Default { get; } = TryFind("Asia/Shanghai")
        ?? TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", TimeSpan.FromHours(8), "China", "China");

    /// <summary>The zone of an IANA or Windows name, or null.</summary>
    public static TimeZoneInfo? TryFind([NotNullWhen(true)] string? id) =>
        !string.IsNullOrEmpty(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}
