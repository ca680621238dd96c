using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.Tables.Files;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary>Which column of a file is which field.</summary>
internal sealed class ImportSheet
{
    private readonly Dictionary<int, FieldView> _columns;

    private ImportSheet(Dictionary<int, FieldView> columns, int key, IReadOnlyList<string> leftOut) =>
        (_columns, KeyColumn, LeftOut) = (columns, key, leftOut);

    /// <summary>The column of the key.</summary>
    public int KeyColumn { get; }

    /// <summary>Columns whose fields the platform keeps itself.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The key's field.</summary>
    public FieldView Key => _columns[KeyColumn];

    /// <summary>Reads the first row.</summary>
    /// <exception cref="CallFailure">A column names no field, or there is no key.</exception>
    public static ImportSheet Of(string path, IRowFile file, IReadOnlyList<FieldView> fields, string key)
    {
        var head = file.Read().FirstOrDefault() ?? throw new CallFailure(ExitCodes.Usage, $"{path} is empty.");
        var (columns, leftOut) = (new Dictionary<int, FieldView>(), new List<string>());
        for (var i = 0; i < head.Cells.Count; i++)
        {
            if (head[i] is not { Length: > 0 } name) continue;
            var field = fields.FirstOrDefault(f => f.Name == name)
                ?? fields.FirstOrDefault(f => f.Name == name.Trim() || f.Id == name.Trim())
                ?? throw new CallFailure(ExitCodes.Usage, Words.Of($"column {FileRow.Letters(i)}: the table has no field \"{name}\".",
                    $"{FileRow.Letters(i)} 列：表里没有字段“{name}”。") + Nearest.Sentence(name, fields.Select(f => f.Name)));
            if (field.ReadOnly) leftOut.Add(field.Name);
            else if (columns.ContainsValue(field)) throw new CallFailure(ExitCodes.Usage, Words.Of(
                $"column {FileRow.Letters(i)}: \"{name}\" is there twice.", $"{FileRow.Letters(i)} 列：“{name}”出现了两次。"));
            else columns[i] = field;
        }

        var keys = columns.Where(c => c.Value.Name == key || c.Value.Id == key).Select(c => c.Key).ToList();
        return keys is [var at] ? new ImportSheet(columns, at, leftOut) : throw new CallFailure(ExitCodes.Usage, Words.Of(
            $"no column is the key \"{key}\".", $"没有一列是键“{key}”。") + Nearest.Sentence(key, columns.Values.Select(f => f.Name)));
    }

    /// <summary>The column of a field.</summary>
    public string? ColumnOf(string? field) => _columns.FirstOrDefault(c => c.Value.Name == field) is { Value: not null } found
        ? FileRow.Letters(found.Key) : null;

    /// <summary>A row's values, or what is wrong with them.</summary>
    public (JsonObject Values, List<ImportProblem> Problems) Read(FileRow row, CellText text, bool clearEmpty)
    {
        var (values, problems) = (new JsonObject(), new List<ImportProblem>());
        foreach (var (column, field) in _columns)
        {
            if (row[column] is not { Length: > 0 } cell)
            {
                if (clearEmpty) values[field.Name] = null;
                continue;
            }

            var (value, problem) = text.Read(field, cell);
            if (problem is null) values[field.Name] = value;
            else problems.Add(new ImportProblem(row.Number, FileRow.Letters(column), field.Name,
                $"\"{Printable.Short(cell, 40)}\": {problem}"));
        }

        return (values, problems);
    }
}
