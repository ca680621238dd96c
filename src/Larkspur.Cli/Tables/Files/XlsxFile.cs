using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Tables.Files;

/// <summary>The first sheet of a workbook. Formulas count as what they came to when it was saved.</summary>
internal sealed class XlsxFile(string path) : IRowFile
{
    public string? Note => null;

    /// <exception cref="CallFailure">It is no workbook.</exception>
    public IEnumerable<FileRow> Read()
    {
        using var document = Open();
        var workbook = document.WorkbookPart!;
        var sheet = workbook.Workbook.Sheets?.Elements<Sheet>().FirstOrDefault()
            ?? throw new CallFailure(ExitCodes.Usage, $"{path} has no sheet.");
        var texts = workbook.SharedStringTablePart?.SharedStringTable.Elements<SharedStringItem>().Select(Text).ToArray() ?? [];
        var dates = new XlsxDates(workbook);
        using var reader = OpenXmlReader.Create(workbook.GetPartById(sheet.Id!));
        var number = 0;
        while (reader.Read())
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement) continue;
            var row = (Row)reader.LoadCurrentElement()!;
            number = (int)(row.RowIndex?.Value ?? (uint)(number + 1));
            yield return new FileRow(number, Cells(row, texts, dates));
        }
    }

    private SpreadsheetDocument Open()
    {
        try
        {
            return SpreadsheetDocument.Open(path, isEditable: false);
        }
        catch (Exception e) when (e is OpenXmlPackageException or FileFormatException or InvalidDataException)
        {
            throw new CallFailure(ExitCodes.Usage, $"{path} is no workbook of Excel (.xlsx).");
        }
    }

    private static List<string> Cells(Row row, string[] texts, XlsxDates dates)
    {
        var cells = new List<string>();
        foreach (var cell in row.Elements<Cell>())
        {
            // Empty cells are not in the file.
            var column = cell.CellReference?.Value is { } place ? ColumnOf(place) : cells.Count;
            while (cells.Count < column) cells.Add("");
            cells.Add(Text(cell, texts, dates));
        }

        return cells;
    }

    private static string Text(Cell cell, string[] texts, XlsxDates dates)
    {
        var value = cell.CellValue?.Text ?? "";
        var type = cell.DataType?.Value;
        if (type == CellValues.SharedString)
            return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var i) && i < texts.Length ? texts[i] : "";
        if (type == CellValues.InlineString) return cell.InlineString?.InnerText ?? "";
        if (type == CellValues.Boolean) return value == "1" ? "true" : "false";
        if (type is not (null or CellValues.Number)) return value;
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return value;
        return dates.Text(cell, number) ?? number.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Without the readings that stand above characters.</summary>
    private static string Text(SharedStringItem item) =>
        item.Text?.Text ?? string.Concat(item.Elements<Run>().Select(run => run.Text?.Text));

    private static int ColumnOf(string place)
    {
        var column = 0;
        foreach (var letter in place.TakeWhile(char.IsAsciiLetter)) column = column * 26 + (char.ToUpperInvariant(letter) - 'A' + 1);
        return column - 1;
    }
}
