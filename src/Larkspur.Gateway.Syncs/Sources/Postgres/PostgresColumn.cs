using System.Globalization;
using System.Text;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// A column of a PostgreSQL table. A stored value is the server's own text of it, and goes back as a text that the server casts: so every
/// type that the server has is exact, also those of which .NET has none (numeric, infinity, enumerations made a minute ago).
/// </summary>
internal sealed class PostgresColumn : SourceColumn
{
    public required PostgresClass Class { get; init; }

    /// <summary>The type without its length, and under its domain, as SQL names it: a cast to it cuts nothing off.</summary>
    public required string Cast { get; init; }

    /// <summary>It is padded with blanks up to its length, which mean nothing.</summary>
    public bool IsPadded { get; init; }

    /// <summary>The place in the table.</summary>
    public required short Number { get; init; }

    public string Quoted => PostgresSource.Quoted(Name);

    /// <summary>The stored text of a row's value, the same whatever the session's settings are.</summary>
    public string Text(string row) => Class switch
    {
        PostgresClass.Instant or PostgresClass.Local or PostgresClass.Date => $"(to_jsonb({row}.{Quoted}) #>> '{{}}')",
        PostgresClass.Set => $"to_jsonb({row}.{Quoted})::text",
        _ => $"{row}.{Quoted}::text",
    };

    /// <summary>The condition that a row's value is longer than what is read; null: its type has no long values.</summary>
    public string? IsLong(string row) => Class switch
    {
        PostgresClass.Boolean or PostgresClass.Whole or PostgresClass.Real or PostgresClass.Instant or PostgresClass.Local
            or PostgresClass.Date or PostgresClass.Choice => null,
        // Bytes are counted without fetching the value, and most values have few of them.
        _ => $"(octet_length({Text(row)}) > {4 * LongCells.Most} OR (octet_length({Text(row)}) > {LongCells.Most} "
            + $"AND char_length({Text(row)}) > {LongCells.Most}))",
    };

    /// <summary>As the log of changes writes the value.</summary>
    public string Logged(string text) => IsPadded ? text.TrimEnd(' ') : text;

    public override Reading Read(ValueKind kind, object? stored)
    {
        if (stored is not string text) return new(Canonical.Nothing(kind));
        return kind switch
        {
            ValueKind.Boolean when text is "true" or "false" => new(text),
            ValueKind.Number => TextForms.Number(text, Class == PostgresClass.Real),
            ValueKind.Text or ValueKind.Choice or ValueKind.Link => new(Canonical.Text(text)),
            ValueKind.Instant when TextForms.Instant(text) is { } instant => new(Canonical.Instant(instant)),
            ValueKind.Date when TextForms.Date(text) is { } date => new(Canonical.Date(date)),
            ValueKind.Choices or ValueKind.People when Class != PostgresClass.Text && TextForms.IsSet(text, out var set) => new(set),
            ValueKind.Choices or ValueKind.People when text.Length == 0 => new(null),
            ValueKind.Choices when TextForms.IsSet(text, out var set) => new(set),
            ValueKind.People when Class == PostgresClass.Text => new(TextForms.People(text)),
            _ => Reading.Not(kind, text),
        };
    }

    public override Writing Write(ValueKind kind, string value)
    {
        if (value.Contains('\0')) return Writing.Not($"{Name} takes no character 0");
        return kind switch
        {
            ValueKind.Number when Class == PostgresClass.Whole => Whole(value),
            ValueKind.Text when Class is PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real => IsNumber(value) ? new(value)
                : Writing.Not($"{Name} takes numbers"),
            ValueKind.Instant => new(Class == PostgresClass.Local ? value.TrimEnd('Z') : value),
            ValueKind.Choice or ValueKind.Text when Shape.Options.Count > 0 && !Shape.Options.Contains(value, StringComparer.Ordinal) =>
                Writing.Not(value, Problems.UnknownOption),
            ValueKind.Choices or ValueKind.People when Class == PostgresClass.Set => new(Array(Canonical.AsSet(value))),
            ValueKind.People when Class == PostgresClass.Text => new(TextForms.OfPeople(value)),
            _ => new(value),
        };
    }

    public override object? Nothing(ValueKind kind) => (kind, Class) switch
    {
        (ValueKind.Boolean, _) => "false",
        (ValueKind.Choices or ValueKind.People, PostgresClass.Set) => "{}",
        (ValueKind.Choices or ValueKind.People, PostgresClass.Json) => "[]",
        (_, PostgresClass.Text) when Shape.Options.Count == 0 => "",
        _ => null,
    };

    public override bool IsFoundBy(ValueKind kind, object? stored, string value) =>
        kind is ValueKind.Number or ValueKind.Date || stored as string == value;

    public override bool IsMarked(object? stored) => stored is string text && Class switch
    {
        PostgresClass.Boolean => text == "true",
        PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real =>
            !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != 0,
        _ => text.Length > 0,
    };

    /// <summary>The same as <see cref="IsMarked"/>, in SQL and turned round.</summary>
    public string Unmarked(string row) => Class switch
    {
        PostgresClass.Boolean => $"{row}.{Quoted} IS NOT TRUE",
        PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real => $"COALESCE({row}.{Quoted}, 0) = 0",
        PostgresClass.Text => $"COALESCE({row}.{Quoted}::text, '') = ''",
        _ => $"{row}.{Quoted} IS NULL",
    };

    public override object Mark(DateTimeOffset now) => Class switch
    {
        PostgresClass.Boolean => "true",
        PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real => "1",
        PostgresClass.Local => Canonical.Instant(now).TrimEnd('Z'),
        PostgresClass.Date => Canonical.Date(DateOnly.FromDateTime(now.UtcDateTime)),
        _ => Canonical.Instant(now),
    };

    public override object? NoMark => Class switch
    {
        PostgresClass.Boolean => "false",
        PostgresClass.Whole or PostgresClass.Exact or PostgresClass.Real => "0",
        PostgresClass.Text when !IsNullable => "",
        _ => null,
    };

    public override DateTimeOffset? Time(object? stored) => stored is string text ? TextForms.Instant(text) : null;

    private static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number);

    private Writing Whole(string value) => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number == decimal.Truncate(number) ? new(decimal.Truncate(number).ToString("F0", CultureInfo.InvariantCulture))
        : Writing.Not($"{Name} takes whole numbers");

    private static string Array(IEnumerable<string> members)
    {
        var text = new StringBuilder("{");
        foreach (var member in members)
        {
            if (text.Length > 1) text.Append(',');
            text.Append('"').Append(member.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
                .Append('"');
        }

        return text.Append('}').ToString();
    }
}
