using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>What the values of a PostgreSQL type are, as far as syncs are concerned.</summary>
internal enum PostgresClass
{
    /// <summary>Not synchronised: bytes, ranges, money, geometry…</summary>
    None,
    Text,
    Boolean,
    Whole,
    Exact,
    Real,

    /// <summary><c>timestamptz</c>.</summary>
    Instant,

    /// <summary><c>timestamp</c>: what names no zone is UTC, as everywhere.</summary>
    Local,
    Date,

    /// <summary>An enumeration.</summary>
    Choice,

    /// <summary>An array of texts, enumeration values or UUIDs.</summary>
    Set,
    Json,

    /// <summary>Kept as the server writes it: UUID, times of day, intervals, network addresses.</summary>
    Word,
}

/// <summary>What there is to know of PostgreSQL's types.</summary>
internal static class PostgresTypes
{
    /// <param name="name">The type's name in the catalogue.</param>
    /// <param name="kind"><c>typtype</c>.</param>
    /// <param name="element">Of an array, the name of its members' type.</param>
    /// <param name="elementKind">Their <c>typtype</c>.</param>
    public static PostgresClass Of(string name, char kind, string? element, char? elementKind) => name switch
    {
        _ when kind == 'e' => PostgresClass.Choice,
        _ when element is not null => elementKind == 'e' || element is "text" or "varchar" or "citext" or "uuid" ? PostgresClass.Set
            : PostgresClass.None,
        "text" or "varchar" or "bpchar" or "name" or "citext" => PostgresClass.Text,
        "bool" => PostgresClass.Boolean,
        "int2" or "int4" or "int8" => PostgresClass.Whole,
        "numeric" => PostgresClass.Exact,
        "float4" or "float8" => PostgresClass.Real,
        "timestamptz" => PostgresClass.Instant,
        "timestamp" => PostgresClass.Local,
        "date" => PostgresClass.Date,
        "json" or "jsonb" => PostgresClass.Json,
        "uuid" or "time" or "timetz" or "interval" or "inet" or "cidr" or "macaddr" => PostgresClass.Word,
        _ => PostgresClass.None,
    };

    public static IReadOnlyList<ValueKind> Kinds(PostgresClass of) => of switch
    {
        PostgresClass.Text => [ValueKind.Text, ValueKind.Choice, ValueKind.Link, ValueKind.People, ValueKind.Choices],
        PostgresClass.Boolean => [ValueKind.Boolean],
        PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real => [ValueKind.Number, ValueKind.Text],
        PostgresClass.Instant or PostgresClass.Local => [ValueKind.Instant, ValueKind.Text],
        PostgresClass.Date => [ValueKind.Date, ValueKind.Text],
        PostgresClass.Choice => [ValueKind.Choice, ValueKind.Text],
        PostgresClass.Set => [ValueKind.Choices, ValueKind.People],
        PostgresClass.Json => [ValueKind.Text, ValueKind.Choices, ValueKind.People],
        PostgresClass.Word => [ValueKind.Text],
        _ => [],
    };

    /// <param name="of">The class.</param>
    /// <param name="name">The type's name in the catalogue.</param>
    /// <param name="modifier">Length or precision as the catalogue has it.</param>
    /// <param name="isNullable">It takes null.</param>
    public static IEnumerable<string> LossesOf(PostgresClass of, string name, int modifier, bool isNullable)
    {
        if (name == "int8" || (name == "numeric" && Precision(modifier) is not <= 15)) yield return Losses.Digits;
        if (of is PostgresClass.Instant or PostgresClass.Local && modifier is < 0 or > 3) yield return Losses.Microseconds;
        if (of == PostgresClass.Text && isNullable) yield return Losses.EmptyText;
        if (of == PostgresClass.Boolean && isNullable) yield return Losses.UnknownBoolean;
        if (Length(name, modifier) is not null) yield return Losses.Length;
    }

    /// <summary>Characters of a varchar(n) or char(n).</summary>
    public static int? Length(string name, int modifier) => name is "varchar" or "bpchar" && modifier >= 4 ? modifier - 4 : null;

    private static int? Precision(int modifier) => modifier < 4 ? null : (modifier - 4 >> 16) & 0xFFFF;
}
