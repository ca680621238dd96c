using System.Text;

namespace Larkspur.Dify.OpenAi;

/// <summary>The text of a text file, whichever way they are written: UTF-8, UTF-16 with its mark, or GB18030, which Chinese Windows programs write.</summary>
internal static class WrittenText
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16Big = new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <returns>Null: it is no text.</returns>
    public static string? Of(byte[] bytes) => bytes switch
    {
        [0xff, 0xfe, ..] => As(Utf16, bytes),
        [0xfe, 0xff, ..] => As(Utf16Big, bytes),
        _ => As(Utf8, bytes) ?? As(Gb18030, bytes),
    };

    private static string? As(Encoding way, byte[] bytes)
    {
        try
        {
            string text = way.GetString(bytes).TrimStart('\ufeff');
            return way != Utf8 && text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
