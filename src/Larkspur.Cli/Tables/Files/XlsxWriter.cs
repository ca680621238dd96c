using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Larkspur.Cli.Tables.Files;

/// <summary>A workbook of one sheet, written row by row: a large table is never in memory as a whole.</summary>
internal sealed class XlsxWriter : IDisposable
{
    private const uint DayStyle = 1;
    private const uint TimeStyle = 2;
    private const uint HeadStyle = 3;

    /// <summary>Characters that a cell of a spreadsheet takes.</summary>
    private const int Longest = 32_767;

    private readonly SpreadsheetDocument _document;
    private readonly OpenXmlWriter _sheet;

    public XlsxWriter(Stream target)
    {
        _document = SpreadsheetDocument.Create(target, SpreadsheetDocumentType.Workbook);
        var workbook = _document.AddWorkbookPart();
        var part = workbook.AddNewPart<WorksheetPart>();
        workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = 1, Name = "Sheet1" }));
        var styles = workbook.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = Styles();
        _sheet = OpenXmlWriter.Create(part);
        _sheet.WriteStartElement(new Worksheet());
        _sheet.WriteStartElement(new SheetData());
    }

    /// <summary>The names of the columns.</summary>
    public void Head(IEnumerable<string> names) => Write(names.Select(name => Text(name, HeadStyle)));

    /// <summary>A row: text, numbers (<see cref="decimal"/>, <see cref="double"/>), <see cref="bool"/>, <see cref="DateTime"/> or
    /// nothing.</summary>
    public void Row(IEnumerable<object?> values) => Write(values.Select(Of));

    public void Dispose()
    {
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
        _sheet.Close();
        _document.Dispose();
    }

    private void Write(IEnumerable<Cell> cells)
    {
        _sheet.WriteStartElement(new Row());
        foreach (var cell in cells) _sheet.WriteElement(cell);
        _sheet.WriteEndElement();
    }

    private static Cell Of(object? value) => value switch
    {
        null => new Cell(),
        bool tick => new Cell { DataType = CellValues.Boolean, CellValue = new CellValue(tick ? "1" : "0") },
        DateTime time => new Cell
        {
            StyleIndex = time.TimeOfDay == TimeSpan.Zero ? DayStyle : TimeStyle,
            CellValue = new CellValue(time.ToOADate().ToString("R", CultureInfo.InvariantCulture)),
        },
        decimal or double => new Cell { CellValue = new CellValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)) },
        _ => Text((string)value, 0),
    };

    /// <summary>A text is never a formula here, whatever it begins with.</summary>
    private static Cell Text(string text, uint style) => new()
    {
        DataType = CellValues.InlineString, StyleIndex = style,
        InlineString = new InlineString(new Text(Clean(text)) { Space = SpaceProcessingModeValues.Preserve }),
    };

    /// <summary>XML has no control characters.</summary>
    private static string Clean(string text)
    {
        var clean = text.Any(c => !IsOfXml(c)) ? string.Concat(text.Where(IsOfXml)) : text;
        return clean.Length <= Longest ? clean : clean[..Longest];

        static bool IsOfXml(char c) => c is '\t' or '\n' or '\r' or (>= ' ' and not ('\ufffe' or '\uffff'));
    }

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 164, FormatCode = "yyyy-mm-dd" },
            new NumberingFormat { NumberFormatId = 165, FormatCode = "yyyy-mm-dd hh:mm:ss" }),
        new Fonts(new Font(), new Font(new Bold())),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }),
            new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 164, ApplyNumberFormat = true },
            new CellFormat { NumberFormatId = 165, ApplyNumberFormat = true }, new CellFormat { FontId = 1, ApplyFont = true }));
}
