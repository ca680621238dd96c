namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>Files that are sent and uploaded.</summary>
internal static class SampleFiles
{
    public const string Card = """{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"Order 4711"}},"body":{"elements":[{"tag":"markdown","content":"Amount **128.00**"}]}}""";

    public const string BadCard = """{"schema":"2.0","body":{"elements":[{"tag":"marquee","content":"x"}]}}""";

    /// <summary>31 KB of a card that is right otherwise.</summary>
    public static string LargeCard => Card.Replace("128.00", new string('x', 31 << 10), StringComparison.Ordinal);

    /// <summary>One pixel.</summary>
    public static byte[] Png => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>A picture of one pixel, made 11 MB long.</summary>
    public static byte[] LargePng => [.. Png, .. new byte[11 << 20]];
}
