using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Which people a list shows.</summary>
internal sealed record PersonFilter
{
    /// <summary>A part of a name or mail address, or the beginning of an id, their own, a former one or a platform's; null: everybody.</summary>
    public string? Search { get; init; }

    /// <summary>Only those with an account there.</summary>
    public string? Platform { get; init; }

    /// <summary>Only members of this department, by its number.</summary>
    public long? Department { get; init; }

    /// <summary>A word of <see cref="States"/>.</summary>
    public string? State { get; init; }

    /// <summary>What can be asked for.</summary>
    public static readonly string[] States = ["active", "left", "frozen", "known", "disabled"];

    /// <summary>True: only those who are shut out; false: only the others.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Only those with a smaller number: where the page before ended.</summary>
    public long? Cursor { get; init; }

    public int Limit { get; init; } = 50;

    /// <summary>The condition on <c>person AS p</c>, and its values.</summary>
    public (string Text, object?[] Values) Condition()
    {
        var where = new SqlConditions().When(Cursor, "p.seq <");
        var texts = new List<string> { where.Text };
        if (Disabled is { } disabled) texts.Add(disabled ? "p.disabled_at IS NOT NULL" : "p.disabled_at IS NULL");
        if (Platform is not null) texts.Add($"EXISTS (SELECT 1 FROM person_account a WHERE a.person = p.id AND a.platform = {where.Place(Platform)})");
        if (Department is { } department)
        {
            texts.Add($"""
                EXISTS (SELECT 1 FROM person_account a JOIN directory_member m ON m.account =
                    a.id AND m.left_at IS NULL JOIN directory_membership s ON s.member = m.id
                JOIN directory_department d ON d.directory = m.directory AND d.dept_key = s.dept_key WHERE a.person = p.id AND d.id =
                    {where.Place(department)})
                """);
        }

        const string Listed = "EXISTS (SELECT 1 FROM person_account a JOIN directory_member m ON m.account = a.id WHERE a.person = p.id)";
        if (State is "left" or "frozen") texts.Add($"p.disabled_at IS NULL AND p.absence = {where.Place(State)}");
        else if (State is "active" or "known") texts.Add($"p.disabled_at IS NULL AND p.absence IS NULL AND"
            + $" {(State == "known" ? "NOT " : "")}{Listed}");
        else if (State is "disabled") texts.Add("p.disabled_at IS NOT NULL");
        if (Search is not null) texts.Add(Matches(where, Search));
        return (string.Join(" AND ", texts), where.Values);
    }

    private static string Matches(SqlConditions where, string search)
    {
        var (part, start) = (where.Place($"%{Literal(search.ToLowerInvariant())}%"), where.Place(Literal(search) + "%"));
        return $"""
            (p.id LIKE {start} ESCAPE '!'
            OR EXISTS (SELECT 1 FROM person_account a WHERE a.person = p.id AND (LOWER(a.name) LIKE {part} ESCAPE '!' OR a.email LIKE {part} ESCAPE '!'))
            OR EXISTS (SELECT 1 FROM person_account a JOIN person_identity i ON i.account = a.id WHERE a.person = p.id AND i.value LIKE {start} ESCAPE '!')
            OR EXISTS (SELECT 1 FROM person_account a JOIN directory_member m ON m.account = a.id
              WHERE a.person = p.id AND (m.email LIKE {part} ESCAPE '!'
                OR LOWER(m.employee_no) LIKE {start} ESCAPE '!' OR LOWER(m.user_id) LIKE {start} ESCAPE '!'))
            OR EXISTS (SELECT 1 FROM person_alias x WHERE x.person = p.id AND x.id LIKE {start} ESCAPE '!'))
            """;
    }

    /// <summary>A text as a part of what LIKE compares, escaped by <c>!</c>.</summary>
    public static string Literal(string text) => text.Replace("!", "!!", StringComparison.Ordinal)
        .Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
