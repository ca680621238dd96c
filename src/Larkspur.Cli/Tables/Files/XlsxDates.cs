using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Larkspur.Cli.Tables.Files;

/// <summary>Which numbers of a workbook are days: those whose format shows a day. Source: ECMA-376, numFmt.</summary>
internal sealed partial class XlsxDates
{
    /// <summary>Days from 1899-12-30 to the first of 1904, by which workbooks of the old Macintosh count.</summary>
    private const double Macintosh = 1462;

    private readonly bool[] _styles;
    private readonly double _offset;

    public XlsxDates(WorkbookPart workbook)
    {
        _offset = workbook.Workbook.WorkbookProperties?.Date1904?.Value == true ? Macintosh : 0;
        var sheet = workbook.WorkbookStylesPart?.Stylesheet;
        var own = sheet?.NumberingFormats?.Elements<NumberingFormat>()
            .Where(f => f.NumberFormatId is not null).ToDictionary(f => f.NumberFormatId!.Value, f => f.FormatCode?.Value ?? "") ?? [];
        _styles = [.. sheet?.CellFormats?.Elements<CellFormat>().Select(f => IsOfDays(f.NumberFormatId?.Value ?? 0, own)) ?? []];
    }

    /// <summary>The number as a day, or as a day and a time; null: its format shows no day.</summary>
    public string? Text(Cell cell, double number)
    {
        if ((cell.StyleIndex?.Value ?? 0) is var style && (style >= _styles.Length || !_styles[style])) return null;
        var days = number + _offset;
        if (days is < 0 or > 2_958_465) return null;
        var time = DateTime.FromOADate(Math.Round(days * 86_400) / 86_400);
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static bool IsOfDays(uint format, Dictionary<uint, string> own) =>
        format is (>= 14 and <= 17) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58
        || (own.TryGetValue(format, out var code) && Day().IsMatch(Quoted().Replace(code, "")));

    /// <summary>What is shown as it is: in quotes, behind a backslash, or a colour or language in brackets.</summary>
    [GeneratedRegex("\"[^\"]*\"|\\\\.|\\[[^\\]]*\\]")]
    private static partial Regex Quoted();

    [GeneratedRegex("[dy]|mmm", RegexOptions.IgnoreCase)]
    private static partial Regex Day();
}
