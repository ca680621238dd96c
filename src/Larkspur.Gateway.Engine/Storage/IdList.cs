using System.Globalization;
using System.Text.Json;

namespace Larkspur.Gateway.Storage;

/// <summary>
/// Many ids as one value of a statement, so that a batch of rows is one statement: PostgreSQL takes an array, SQLite reads a list in JSON.
/// </summary>
internal static class IdList
{
    /// <summary>The condition that a column is among them: <c>$"id {IdList.In(dialect, "$1")}"</c>.</summary>
    public static string In(Dialect dialect, string place) =>
        dialect == Dialect.Sqlite ? $"IN (SELECT value FROM json_each({place}))" : $"= ANY({place})";

    /// <summary>They as a table <c>listed</c> with the column <c>id</c>.</summary>
    public static string Table(Dialect dialect, string place) =>
        dialect == Dialect.Sqlite ? $"(SELECT value AS id FROM json_each({place})) AS listed" : $"unnest({place}) AS listed(id)";

    /// <summary>The value.</summary>
    public static object Of(Dialect dialect, IEnumerable<long> ids) => dialect == Dialect.Sqlite
        ? $"[{string.Join(',', ids.Select(static id => id.ToString(CultureInfo.InvariantCulture)))}]"
        : ids.ToArray();

    /// <inheritdoc cref="Of(Dialect, IEnumerable{long})"/>
    public static object Of(Dialect dialect, IEnumerable<string> ids) =>
        dialect == Dialect.Sqlite ? JsonSerializer.Serialize(ids) : ids.ToArray();
}
