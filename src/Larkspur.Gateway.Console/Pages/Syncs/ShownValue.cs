using System.Globalization;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>A canonical value as its reader knows it, and back.</summary>
internal static class ShownValue
{
    public const string InstantForm = "yyyy-MM-dd HH:mm:ss";

    /// <summary>A cell may hold 100,000 characters, and a page fifty rows.</summary>
    private const int MostShown = 300;

    private static readonly string[] Instants = ["yyyy-MM-dd HH:mm", InstantForm, "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    private static readonly char[] Commas = [',', '，', '、', ';', '；'];

    /// <param name="field">Its field; null: it is not known any more.</param>
    /// <param name="value">The canonical value.</param>
    /// <param name="viewing">Who reads.</param>
    public static string Of(FieldMap? field, string? value, Viewing viewing) => (field?.Kind, value) switch
    {
        (_, null) => viewing.T(SyncRowsTexts.Empty),
        (ValueKind.Boolean, _) => viewing.T(value == Canonical.True ? SyncRowsTexts.Yes : SyncRowsTexts.No),
        ({ } kind, _) when kind.IsSet() => string.Join(", ", Canonical.AsSet(value)),
        (ValueKind.Instant, _) => viewing.Local(Canonical.AsInstant(value)).ToString(InstantForm, CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>The same, cut where it is too long to be read among others.</summary>
    public static string Short(FieldMap? field, string? value, Viewing viewing) =>
        Of(field, value, viewing) is { Length: > MostShown } text ? text[..MostShown] + "…" : Of(field, value, viewing);

    /// <summary>The canonical value of what a person wrote.</summary>
    /// <exception cref="ActionRefusedException">It is nothing that the field holds.</exception>
    public static string? Read(ValueKind kind, string written, Viewing viewing)
    {
        var text = written.Trim();
        if (kind == ValueKind.Boolean) return Boolean(text, viewing);
        if (text.Length == 0) return null;
        return kind switch
        {
            ValueKind.Number => (decimal.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture,
                out var number) ? Canonical.Number(number) : null) ?? throw new ActionRefusedException(SyncRowsTexts.NoNumber(text)),
            ValueKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? Canonical.Date(date) : throw new ActionRefusedException(SyncRowsTexts.NoDate(text)),
            ValueKind.Instant => DateTime.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? Canonical.Instant(viewing.FromField(time)!.Value) : throw new ActionRefusedException(SyncRowsTexts.NoInstant(text)),
            ValueKind.Choices or ValueKind.People => Canonical.Set(text.Split(Commas, StringSplitOptions.TrimEntries)),
            ValueKind.Text => Canonical.Text(written),
            _ => text,
        };
    }

    private static string Boolean(string text, Viewing viewing)
    {
        if (Is(SyncRowsTexts.Yes) || text == Canonical.True) return Canonical.True;
        if (Is(SyncRowsTexts.No) || text is Canonical.False or "") return Canonical.False;
        throw new ActionRefusedException(SyncRowsTexts.NoBoolean(text));

        bool Is(Common.Localisation.LocalText word) => text.Equals(viewing.T(word), StringComparison.OrdinalIgnoreCase);
    }
}
