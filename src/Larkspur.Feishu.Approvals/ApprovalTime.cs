using System.Globalization;

namespace Larkspur.Feishu.Approvals;

/// <summary>Times on the wire are Unix milliseconds, mostly digits in strings; 0 stands for "not yet".</summary>
internal static class ApprovalTime
{
    private const long Latest = 253_402_300_799_999;

    public static DateTimeOffset? Read(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long at) ? Read(at) : null;

    public static DateTimeOffset? Read(long? at) => at is > 0 and <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds(at.Value) : null;

    public static string Write(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
