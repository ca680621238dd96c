using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>A table of a file, as its catalogue has it.</summary>
internal sealed partial record SqliteTable(string Name, IReadOnlyList<SqliteColumn> Columns)
{
    private const int GeneratedVirtual = 2;
    private const int GeneratedStored = 3;

    public string Quoted => SqliteSource.Quoted(Name);

    /// <summary>Tables of people's own.</summary>
    public static IReadOnlyList<string> Names(SqliteConnection connection) => [.. SqliteSource.Query(connection, """
        SELECT name FROM sqlite_master
        WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'larkspur\_%' ESCAPE '\'
        ORDER BY name
        """).Select(row => (string)row[0]!)];

    /// <exception cref="SideStoppedException">There is no such table.</exception>
    public static SqliteTable Read(SqliteConnection connection, string name)
    {
        if (!Names(connection).Contains(name, StringComparer.Ordinal))
            throw new SideStoppedException(Problems.NotFound, name) { Side = SideName.Source };
        var found = SqliteSource.Query(connection, """
            SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo($p0) WHERE hidden <> 1 ORDER BY cid
            """, name);
        var keys = found.Count(row => (long)row[4]! > 0);
        var sql = (string)SqliteSource.Scalar(connection, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $p0", name)!;
        return new(name, [.. found.Select(row => Column(connection, name, row, keys, Options(sql, (string)row[0]!)))]);
    }

    private static SqliteColumn Column(SqliteConnection connection, string table, object?[] row, int keys, IReadOnlyList<string> options)
    {
        var (name, type) = ((string)row[0]!, (string)row[1]!);
        var (isKey, hidden) = ((long)row[4]! > 0, (long)row[5]!);
        var of = SqliteColumn.ClassOf(type);
        // An INTEGER PRIMARY KEY is the row's own number, and is never null.
        var isRowId = isKey && keys == 1 && type.Equals("INTEGER", StringComparison.OrdinalIgnoreCase);
        var isNullable = (long)row[2]! == 0 && !isRowId;
        var hasDefault = (long)row[3]! != 0 || isRowId;
        int? length = of == SqliteClass.Text && Length().Match(type) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        raw.sqlite3_table_column_metadata(connection.Handle, "main", table, name, out _, out string? collation, out _, out _, out _);
        return new()
        {
            Class = of,
            Collation = collation ?? "BINARY",
            IsNullable = isNullable,
            HasDefault = hasDefault,
            Shape = new(name, name, type, Kinds(of, options))
            {
                Options = options,
                IsKey = isKey, IsReadOnly = hidden is GeneratedVirtual or GeneratedStored, IsRequired = !isNullable && !hasDefault,
                Losses = [.. SqliteColumn.LossesOf(of, isNullable, length)],
            },
            // SQLite itself takes longer texts; what else the company runs may not.
            Length = length,
        };
    }

    /// <summary>A text that is one of a few words is a choice before anything else.</summary>
    private static IReadOnlyList<ValueKind> Kinds(SqliteClass of, IReadOnlyList<string> options) =>
        options.Count == 0 || of != SqliteClass.Text ? SqliteColumn.KindsOf(of) : [ValueKind.Choice, ValueKind.Text];

    /// <summary>The words of <c>CHECK (column IN ('a', 'b'))</c>, which is how an enumeration is written in SQLite.</summary>
    private static IReadOnlyList<string> Options(string sql, string column)
    {
        var name = Regex.Escape(column);
        // The text is whatever stands in the file: it is read in one go, and not tried in every way.
        var check = Regex.Match(sql,
            $@"CHECK\s*\(\s*[""\[`]?{name}[""\]`]?\s+IN\s*\((\s*'(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*\s*)\)\s*\)",
            RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
        return !check.Success ? [] : [.. Word().Matches(check.Groups[1].Value)
            .Select(word => word.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal))];
    }

    [GeneratedRegex("'((?:[^']|'')*)'")]
    private static partial Regex Word();

    [GeneratedRegex(@"CHAR\w*\s*\(\s*(\d{1,9})\s*\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Length();
}
