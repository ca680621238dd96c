using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables.Search;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>Numbers and instants as a field's property says that they are shown.</summary>
internal sealed class CellFormat
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["CNY"] = "¥", ["USD"] = "$", ["EUR"] = "€", ["GBP"] = "£", ["HKD"] = "HK$", ["JPY"] = "JP¥", ["KRW"] = "₩", ["INR"] = "₹",
        ["TWD"] = "NT$", ["SGD"] = "S$", ["AUD"] = "A$", ["CAD"] = "C$", ["THB"] = "฿", ["VND"] = "₫", ["BRL"] = "R$",
    };

    private readonly TimeZoneInfo _zone;
    private readonly string _date;
    private readonly string _number;
    private readonly string _symbol;

    public CellFormat(TableField field, TableBase home)
    {
        var property = field.Property.Length == 0 ? [] : JsonNode.Parse(field.Property) as JsonObject ?? [];
        _zone = DateSpan.Zone(home.TimeZone);
        _date = property.TextOf("date_formatter") is { Length: > 0 } date ? date : "yyyy/MM/dd";
        _number = property.TextOf("formatter");
        var code = property.TextOf("currency_code");
        _symbol = code.Length > 0 ? Symbols.GetValueOrDefault(code, code + " ") : _number is ['¥' or '$', ..] ? _number[..1] : "";
        Most = Of(property, "max") ?? (field.UiType == "Rating" ? 5 : 1);
        Least = Of(property, "min") ?? 0;
        HasTime = _date.Contains("HH", StringComparison.Ordinal);
    }

    public double Least { get; }

    public double Most { get; }

    public bool HasTime { get; }

    public string Number(double number)
    {
        if (_number.Length == 0) return number.ToString("R", CultureInfo.InvariantCulture);
        var percent = _number.Contains('%', StringComparison.Ordinal);
        var point = _number.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : _number[(point + 1)..].Count(c => c == '0');
        var grouped = _symbol.Length > 0 || _number.Contains(',', StringComparison.Ordinal);
        var digits = Math.Abs(percent ? number * 100 : number).ToString((grouped ? "N" : "F") + decimals, CultureInfo.InvariantCulture);
        var zero = digits.All(c => c is '0' or '.');
        return (number < 0 && !zero ? "-" : "") + _symbol + digits + (percent ? "%" : "");
    }

    public string Time(long millis) => millis is < -62_135_596_800_000 or > 253_402_214_400_000
        ? millis.ToString(CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(millis), _zone).ToString(_date, CultureInfo.InvariantCulture);

    /// <summary>The form in which an editor begins: every part of the instant that is not zero.</summary>
    public string Typed(long millis)
    {
        var shown = Time(millis);
        if (HasTime || millis is < -62_135_596_800_000 or > 253_402_214_400_000) return shown;
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(millis), _zone);
        return local.ToString(local.TimeOfDay == TimeSpan.Zero ? "yyyy/MM/dd" : "yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static double? Of(JsonObject property, string name) =>
        property[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}
