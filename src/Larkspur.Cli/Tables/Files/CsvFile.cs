using System.Text;
using CsvHelper;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Tables.Files;

/// <summary>Comma-separated values (RFC 4180), in UTF-8 with or without a mark, in UTF-16 with one, or in GBK, as Chinese Excel writes
/// them.</summary>
internal sealed class CsvFile : IRowFile
{
    /// <summary>What begins a formula; spreadsheets of East Asia take the wide forms too.</summary>
    private const string Formula = "=+-@\t\r＝＋－＠";

    /// <summary>A quote that is not closed would make one row of the rest.</summary>
    private const int LongestRow = 8 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback,
        DecoderFallback.ExceptionFallback)!;

    private readonly string _path;
    private readonly Encoding _encoding;

    private CsvFile(string path, Encoding encoding) => (_path, _encoding) = (path, encoding);

    public string? Note => _encoding == Gbk ? Words.Of("The file is no UTF-8 and was read as GBK.", "文件不是 UTF-8，已按 GBK 读取。") : null;

    /// <summary>Opens one, whichever way it is written.</summary>
    /// <exception cref="CallFailure">It is in none of the encodings.</exception>
    public static CsvFile Open(string path)
    {
        Span<byte> mark = stackalloc byte[2];
        using (var stream = File.OpenRead(path)) stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        if (mark is [0xff, 0xfe]) return new(path, Encoding.Unicode);
        if (mark is [0xfe, 0xff]) return new(path, Encoding.BigEndianUnicode);
        foreach (var encoding in (Encoding[])[Strict, Gbk]) if (Fits(path, encoding)) return new(path, encoding);
        throw new CallFailure(ExitCodes.Usage, $"{path} is neither UTF-8 nor GBK: save it as \"CSV UTF-8\".");
    }

    /// <summary>A text that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Harmless(string text) =>
        text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    public IEnumerable<FileRow> Read()
    {
        using var reader = new StreamReader(_path, _encoding, detectEncodingFromByteOrderMarks: true);
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            HasHeader = false, SkipEmptyLines = false, MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = LongestRow,
        });
        // By rows, as a spreadsheet counts them: a line break in quotes is no new row.
        while (Next(csv)) yield return new FileRow((int)csv.RowNumber,
            [.. Enumerable.Range(0, csv.FieldCount).Select(i => Plain(csv.GetString(i)))]);
    }

    private bool Next(CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException e)
        {
            throw new CallFailure(ExitCodes.Usage,
                Words.Of($"{_path}, row {e.RecordNumber}: quotes stand where none may, or one is not closed.",
                $"{_path} 第 {e.RecordNumber} 行：引号位置有误，或没有闭合。"));
        }
    }

    /// <summary>The apostrophe that made a text harmless goes again.</summary>
    private static string Plain(string text) => text.Length > 1 && text[0] == '\'' && Formula.Contains(text[1], StringComparison.Ordinal)
        ? text[1..] : text;

    private static bool Fits(string path, Encoding encoding)
    {
        try
        {
            using var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: false);
            var buffer = new char[1 << 16];
            while (reader.ReadBlock(buffer) > 0)
            {
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
