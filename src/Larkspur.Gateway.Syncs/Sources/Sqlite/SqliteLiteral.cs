using System.Buffers;
using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>Values as SQLite's <c>quote()</c> writes them, one after the other.</summary>
/// <remarks>
/// Triggers run within other programs' statements, so nothing of them may fail there. <c>quote()</c> is part of every SQLite there is and
/// takes every value; <c>json_array()</c> is missing from older builds, and refuses bytes.
/// </remarks>
internal static class SqliteLiteral
{
    /// <summary>An expression that writes columns of a trigger's row.</summary>
    public static string Expression(string row, IEnumerable<string> columns) =>
        string.Join(" || ',' || ", columns.Select(column => $"quote({row}.{SqliteSource.Quoted(column)})"));

    /// <summary>The stored values; null: it is not of this form.</summary>
    public static List<object?>? Read(string text)
    {
        var values = new List<object?>();
        for (var at = 0; ;)
        {
            if (!Value(text, ref at, out var value)) return null;
            values.Add(value);
            if (at == text.Length) return values;
            if (text[at++] != ',') return null;
        }
    }

    private static bool Value(string text, ref int at, out object? value)
    {
        value = null;
        if (at >= text.Length) return false;
        if (text[at] == '\'')
        {
            value = Text(text, ref at);
            return value is not null;
        }

        var end = text.IndexOf(',', at) is >= 0 and var comma ? comma : text.Length;
        var word = text[at..end];
        at = end;
        if (word == "NULL") return true;
        if (word.StartsWith("X'", StringComparison.Ordinal)) value = Bytes(word);
        else if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) value = whole;
        else if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) value = number;
        return value is not null;
    }

    private static byte[]? Bytes(string word)
    {
        if (word.Length < 3 || word.Length % 2 == 0 || word[^1] != '\'') return null;
        var bytes = new byte[(word.Length - 3) / 2];
        return Convert.FromHexString(word.AsSpan(2, word.Length - 3), bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    private static string? Text(string text, ref int at)
    {
        var read = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                read.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                read.Append('\'');
                at++;
            }
            else
            {
                at++;
                return read.ToString();
            }
        }

        return null;
    }
}
