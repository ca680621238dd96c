using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.People.Directory.Rest;

/// <summary>Departments as they are shown.</summary>
internal static class DepartmentList
{
    private const string Columns = """
        d.id, r.platform, r.app, d.dept_key, d.custom_id, d.name, d.en_name, p.id, d.leaders,
        (SELECT COUNT(*) FROM directory_membership s JOIN directory_member m ON m.id = s.member
          WHERE s.dept_key = d.dept_key AND m.directory = d.directory AND m.left_at IS NULL),
        (SELECT COUNT(*) FROM directory_department b WHERE b.directory = d.directory AND b.parent = d.dept_key AND b.gone_at IS NULL)
        FROM directory_department d JOIN directory r ON r.id = d.directory
        LEFT JOIN directory_department p ON p.directory = d.directory AND p.dept_key = d.parent AND p.gone_at IS NULL
        """;

    /// <summary>A page of departments.</summary>
    /// <param name="sql">The database.</param>
    /// <param name="platform">Only there.</param>
    /// <param name="search">A part of a name, or the beginning of an id.</param>
    /// <param name="parent">Only directly below this one; 0: at the top.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="limit">How many.</param>
    public static ValueTask<List<DepartmentView>> ReadAsync(ISql sql, string? platform, string? search, long? parent, long? after,
        int limit)
    {
        var where = new SqlConditions().When(platform, "r.platform");
        var texts = new List<string> { where.Text, "d.gone_at IS NULL" };
        if (after is { } last)
            texts.Add($"(d.sort_key, d.id) > (SELECT c.sort_key, c.id FROM directory_department c WHERE c.id = {where.Place(last)})");
        if (parent == 0) texts.Add("p.id IS NULL");
        else if (parent is { } above) texts.Add($"p.id = {where.Place(above)}");
        if (search is { Length: > 0 })
        {
            var text = PersonFilter.Literal(search.ToLowerInvariant());
            var (part, start) = (where.Place($"%{text}%"), where.Place(text + "%"));
            texts.Add($"""
                (LOWER(d.name) LIKE {part} ESCAPE '!' OR LOWER(d.en_name) LIKE {part} ESCAPE '!'
                OR LOWER(d.dept_key) LIKE {start} ESCAPE '!' OR LOWER(d.custom_id) LIKE {start} ESCAPE '!')
                """);
        }

        var condition = string.Join(" AND ", texts);
        return sql.QueryAsync($"SELECT {Columns} WHERE {condition} ORDER BY d.sort_key, d.id LIMIT {limit}", View, where.Values);
    }

    public static ValueTask<DepartmentView?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {Columns} WHERE d.id = $1 AND d.gone_at IS NULL", View, id);

    private static DepartmentView View(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Platform = row.GetString(1), App = row.GetString(2), Key = row.GetString(3), CustomId = row.Text(4),
            Name = row.Text(5), EnName = row.Text(6),
        Parent = row.IsDBNull(7) ? null : row.GetInt64(7), Leaders = row.Text(8) is { } leaders
            ? JsonSerializer.Deserialize<string[]>(leaders) : null,
        Members = row.GetInt64(9), Below = row.GetInt64(10),
    };
}
