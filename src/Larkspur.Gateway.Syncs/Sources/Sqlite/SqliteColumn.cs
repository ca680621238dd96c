using System.Globalization;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>What SQLite makes of a declared type (https://sqlite.org/datatype3.html), and words that it does not know.</summary>
internal enum SqliteClass
{
    /// <summary>TEXT, VARCHAR(n), CLOB; also UUID and JSON, which are texts although SQLite would take them for numbers.</summary>
    Text,

    /// <summary>Declared BOOLEAN: 0 and 1, and the words that some programs write.</summary>
    Boolean,

    /// <summary>Declared DATETIME or TIMESTAMP: ISO texts. Numbers in it may be seconds, milliseconds or days: none is guessed.</summary>
    Instant,

    /// <summary>Declared DATE: ISO texts.</summary>
    Date,

    Integer,

    Real,

    Numeric,

    /// <summary>No type was declared: anything stays as it was given.</summary>
    Any,

    /// <summary>BLOB: not synchronised.</summary>
    Bytes,
}

/// <summary>A column of a SQLite table. A stored value is a long, a double, a string, bytes or null, whatever was declared.</summary>
internal sealed class SqliteColumn : SourceColumn
{
    private const string InstantForm = "yyyy-MM-dd HH:mm:ss.FFF";

    public required SqliteClass Class { get; init; }

    /// <summary>How its texts are compared; <c>BINARY</c> is by their bytes.</summary>
    public string Collation { get; init; } = "BINARY";

    /// <summary>
    /// The condition that a value is longer than what is read. SQLite counts the characters of a text up to the first one that is 0: its
    /// bytes count too.
    /// </summary>
    public string IsLong => $"(length({SqliteSource.Quoted(Name)}) > {LongCells.Most} "
        + $"OR length(CAST({SqliteSource.Quoted(Name)} AS BLOB)) > {4 * LongCells.Most})";

    /// <summary>The class of a declared type.</summary>
    public static SqliteClass ClassOf(string declared)
    {
        var type = declared.ToUpperInvariant();
        if (type.Length == 0 || type == "ANY") return SqliteClass.Any;
        if (type.Contains("BOOL", StringComparison.Ordinal)) return SqliteClass.Boolean;
        if (Has("INT")) return SqliteClass.Integer;
        if (Has("DATETIME") || Has("TIMESTAMP")) return SqliteClass.Instant;
        if (type == "DATE") return SqliteClass.Date;
        if (Has("CHAR") || Has("CLOB") || Has("TEXT") || Has("UUID") || Has("JSON")) return SqliteClass.Text;
        if (Has("BLOB")) return SqliteClass.Bytes;
        return Has("REAL") || Has("FLOA") || Has("DOUB") ? SqliteClass.Real : SqliteClass.Numeric;

        bool Has(string word) => type.Contains(word, StringComparison.Ordinal);
    }

    /// <summary>What values of a class can be taken for, the best first.</summary>
    public static IReadOnlyList<ValueKind> KindsOf(SqliteClass of) => of switch
    {
        SqliteClass.Text =>
        [
            ValueKind.Text, ValueKind.Choice, ValueKind.Link, ValueKind.Choices, ValueKind.People, ValueKind.Instant, ValueKind.Date,
            ValueKind.Number,
        ],
        SqliteClass.Boolean => [ValueKind.Boolean],
        SqliteClass.Instant => [ValueKind.Instant, ValueKind.Text],
        SqliteClass.Date => [ValueKind.Date, ValueKind.Text],
        SqliteClass.Integer => [ValueKind.Number, ValueKind.Text, ValueKind.Boolean],
        SqliteClass.Real or SqliteClass.Numeric => [ValueKind.Number, ValueKind.Text],
        SqliteClass.Any => [ValueKind.Text],
        _ => [],
    };

    /// <summary>What may get lost of its values.</summary>
    public static IEnumerable<string> LossesOf(SqliteClass of, bool isNullable, int? length)
    {
        if (of is SqliteClass.Integer or SqliteClass.Numeric) yield return Losses.Digits;
        if (of is SqliteClass.Text or SqliteClass.Any && isNullable) yield return Losses.EmptyText;
        if (of == SqliteClass.Boolean && isNullable) yield return Losses.UnknownBoolean;
        if (of == SqliteClass.Instant) yield return Losses.Microseconds;
        if (length is not null) yield return Losses.Length;
    }

    private bool IsNumeric => Class is SqliteClass.Integer or SqliteClass.Real or SqliteClass.Numeric;

    public override Reading Read(ValueKind kind, object? stored) => (kind, stored) switch
    {
        (_, null) => new(Canonical.Nothing(kind)),
        (ValueKind.Boolean, long and (0 or 1)) => new(Canonical.Boolean((long)stored == 1)),
        (ValueKind.Boolean, string word) when Truth(word) is { } truth => new(Canonical.Boolean(truth)),
        (ValueKind.Number, long whole) => Canonical.Number((decimal)whole) is { } exact ? new(exact)
            : Reading.Not(kind, stored, Problems.DigitsLost),
        (ValueKind.Number, double number) when Canonical.Number(number) is { } finite => new(finite),
        (ValueKind.Text, long whole) => new(whole.ToString(CultureInfo.InvariantCulture)),
        (ValueKind.Text, double number) when Canonical.Number(number) is { } finite => new(finite),
        (ValueKind.Text or ValueKind.Choice or ValueKind.Link, string text) => new(Canonical.Text(text)),
        (_, string { Length: 0 }) => new(Canonical.Nothing(kind)),
        (ValueKind.Number, string text) => TextForms.Number(text, false),
        (ValueKind.Instant, string text) when TextForms.Instant(text) is { } instant => new(Canonical.Instant(instant)),
        (ValueKind.Date, string text) when TextForms.Date(text) is { } date => new(Canonical.Date(date)),
        (ValueKind.Choices, string text) when TextForms.IsSet(text, out var set) => new(set),
        (ValueKind.People, string text) => new(TextForms.People(text)),
        _ => Reading.Not(kind, stored),
    };

    public override Writing Write(ValueKind kind, string value) => kind switch
    {
        ValueKind.Boolean => new(value == Canonical.True ? 1L : 0L),
        ValueKind.Number => Number(value),
        ValueKind.Instant => new(Canonical.AsInstant(value).UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture)),
        ValueKind.People => new(TextForms.OfPeople(value)),
        ValueKind.Text or ValueKind.Choice when Shape.Options.Count > 0 && !Shape.Options.Contains(value, StringComparer.Ordinal) =>
            Writing.Not(value, Problems.UnknownOption),
        // Any type goes into any column of SQLite: a text in a column of numbers would trouble the company's own programs.
        ValueKind.Text when IsNumeric => Number(value),
        ValueKind.Text when Class == SqliteClass.Instant && TextForms.Instant(value) is null =>
            Writing.Not($"{Name} takes dates with times"),
        ValueKind.Text when Class == SqliteClass.Date && TextForms.Date(value) is null => Writing.Not($"{Name} takes dates"),
        _ => new(value),
    };

    public override object? Nothing(ValueKind kind) => kind switch
    {
        ValueKind.Text or ValueKind.Choice or ValueKind.Link or ValueKind.People when !IsNumeric => "",
        ValueKind.Choices => "[]",
        ValueKind.Boolean => 0L,
        _ => null,
    };

    public override bool IsFoundBy(ValueKind kind, object? stored, string value) =>
        Write(kind, value) is { Problem: null, Stored: { } asked } && (asked.Equals(stored) || (IsNumeric && stored switch
        {
            long whole => asked is double number && number == whole,
            double number => asked is long whole && whole == number,
            _ => false,
        }));

    public override bool IsMarked(object? stored) => stored switch
    {
        long whole => whole != 0,
        double number => number != 0,
        string text => text.Length > 0 && Truth(text) != false,
        _ => false,
    };

    public override object Mark(DateTimeOffset now) => Class switch
    {
        SqliteClass.Boolean or SqliteClass.Integer or SqliteClass.Real or SqliteClass.Numeric => 1L,
        SqliteClass.Date => Canonical.Date(DateOnly.FromDateTime(now.UtcDateTime)),
        _ => now.UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture),
    };

    public override object? NoMark => Class is SqliteClass.Boolean or SqliteClass.Integer or SqliteClass.Real or SqliteClass.Numeric ? 0L
        : IsNullable ? null : "";

    public override DateTimeOffset? Time(object? stored) => stored is string text ? TextForms.Instant(text) : null;

    private static bool? Truth(string word) => word.ToUpperInvariant() switch
    {
        "TRUE" or "T" or "YES" or "Y" or "1" => true,
        "FALSE" or "F" or "NO" or "N" or "0" => false,
        _ => null,
    };

    /// <summary>As SQLite would store it by the column's affinity, without its way over a double.</summary>
    private Writing Number(string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var far) || !double.IsFinite(far))
                return Writing.Not($"{Name} takes numbers");
            return Class == SqliteClass.Integer ? Writing.Not($"{Name} takes whole numbers")
                : Class == SqliteClass.Text ? new(value) : new(far);
        }

        if (Class == SqliteClass.Text) return new(value);
        var isWhole = exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue;
        if (isWhole && Class != SqliteClass.Real) return new((long)exact);
        if (Class == SqliteClass.Integer) return Writing.Not($"{Name} takes whole numbers");
        var near = double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return Canonical.Number(exact) is null ? Writing.Not($"{Name} keeps 15 digits", Problems.DigitsLost) : new(near);
    }
}
