using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.Feishu.Tables.Search;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>What a person types into a cell, or pastes from a spreadsheet, as the value that an API write would carry.</summary>
internal sealed partial class TypedText(EmulatorState state, TableBase home)
{
    private static readonly string[] Dates =
    [
        "yyyy/M/d", "yyyy-M-d", "yyyy.M.d", "yyyy年M月d日", "yyyy/M/d H:m", "yyyy-M-d H:m", "yyyy.M.d H:m", "yyyy年M月d日 H:m",
        "yyyy/M/d H:m:s", "yyyy-M-d H:m:s", "yyyy-M-d'T'H:m", "yyyy-M-d'T'H:m:s", "yyyyMMdd",
    ];

    private static readonly string[] Yes = ["true", "1", "yes", "y", "on", "✓", "✔", "☑", "是", "真", "已勾选"];
    private static readonly string[] No = ["false", "0", "no", "n", "off", "✗", "☐", "否", "假", "未勾选"];

    /// <returns>The wire's value; null empties the cell.</returns>
    /// <exception cref="EditRefusedException">It is no value of that field, with the reason.</exception>
    public JsonNode? Value(TableField field, string typed)
    {
        var text = typed.Trim();
        if (text.Length == 0) return null;
        return field.Type switch
        {
            FieldTypes.Text => typed,
            FieldTypes.Number => Number(text),
            FieldTypes.SingleSelect => text,
            FieldTypes.MultiSelect => Parts(text).ToJson(),
            FieldTypes.DateTime => Millis(field, text),
            FieldTypes.Checkbox => Flag(text),
            FieldTypes.Phone => Spaces().Replace(text, ""),
            FieldTypes.Url => Address(text),
            FieldTypes.User => Parts(text).ToJson(n => new JsonObject { ["id"] = Somebody(n) }),
            FieldTypes.GroupChat => Parts(text).ToJson(n => new JsonObject { ["id"] = Group(n) }),
            FieldTypes.Attachment => Parts(text).ToJson(n => new JsonObject { ["file_token"] = File(n) }),
            FieldTypes.SingleLink or FieldTypes.DuplexLink => Parts(text).ToJson(n => (JsonNode)Linked(field, n)),
            FieldTypes.Location => text,
            _ => throw EditRefusedException.Of(1254015),
        };
    }

    /// <summary>Thousands, currency signs, percent and an accountant's parentheses are read as a spreadsheet reads them.</summary>
    private static JsonNode Number(string typed)
    {
        var text = Signs().Replace(typed, "").Replace('，', ',').Replace('．', '.').Replace('％', '%');
        var negative = text is ['(', .., ')'];
        if (negative) text = text[1..^1];
        var percent = text.EndsWith('%');
        if (percent) text = text[..^1];
        if (!Thousands().IsMatch(text) || !double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            throw new EditRefusedException(new($"\"{Short(typed)}\" is not a number", $"“{Short(typed)}”不是有效的数字"));
        // As decimals, so that 12.3 % is 0.123 and no digit is made up.
        if (percent) number = Math.Abs(number) < 1e15 ? (double)((decimal)number / 100) : number / 100;
        return negative ? -number : number;
    }

    private JsonNode Millis(TableField field, string text)
    {
        var order = JsonNode.Parse(field.Property.Length == 0 ? "{}" : field.Property)?["date_formatter"]?.GetValue<string>() ?? "";
        var own = order switch { "dd/MM/yyyy" => "d/M/yyyy", "MM-dd" => "M-d", _ => "M/d/yyyy" };
        if (DateTime.TryParseExact(text, [.. Dates, own, own + " H:m"], CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces,
            out var local))
        {
            var zone = DateSpan.Zone(home.TimeZone);
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
        }

        if (Instant().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return instant.ToUnixTimeMilliseconds();
        throw new EditRefusedException(new($"\"{Short(text)}\" is not a date. Write it as 2026/03/31 or 2026-03-31 09:30",
            $"“{Short(text)}”不是有效的日期，请写成 2026/03/31 或 2026-03-31 09:30"));
    }

    private static JsonNode Flag(string text) =>
        Yes.Contains(text, StringComparer.OrdinalIgnoreCase) ? true
        : No.Contains(text, StringComparer.OrdinalIgnoreCase) ? false
        : throw new EditRefusedException(new($"\"{Short(text)}\" is neither ticked nor not: write true or false",
            $"“{Short(text)}”无法识别，请写 true 或 false"));

    private static JsonObject Address(string text)
    {
        var (label, link) = Labelled().Match(text) is { Success: true } m ? (m.Groups["text"].Value, m.Groups["link"].Value) : ("", text);
        if (link.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) link = "https://" + link;
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || !(uri.Scheme is "http" or "https" or "mailto" or "lark" or "tel"))
            throw new EditRefusedException(new($"\"{Short(text)}\" is not a web address", $"“{Short(text)}”不是有效的网址"));
        return new JsonObject { ["link"] = link, ["text"] = label.Length > 0 ? label : text };
    }

    private string Somebody(string name) => (state.Named(name) ?? Single(state.People.Where(p => !p.IsResigned
        && (Is(p.Name, name) || Is(p.EnName, name) || Is(p.Email, name))), name)).UserId;

    private string Group(string name) => Single(state.Chats().Where(c => !c.Dissolved && (c.ChatId == name || Is(c.Name, name)
        || Is(c.EnName, name))), name).ChatId;

    private string File(string name) => Single(home.Files.Values.Where(f => f.FileToken == name || Is(f.Name, name)), name).FileToken;

    private string Linked(TableField field, string title)
    {
        var table = home.Table(field.LinkedTable ?? "");
        if (table?.Record(title) is { } byId) return byId.RecordId;
        var primary = table?.Fields.FirstOrDefault(f => f.IsPrimary);
        return Single(table is null || primary is null ? [] : table.Records.Where(r => Is(CellText.Of(primary, r), title)), title).RecordId;
    }

    private static T Single<T>(IEnumerable<T> found, string name) where T : class
    {
        var (first, more) = found.Take(2).ToArray() is [var one, .. var rest] ? (one, rest.Length) : (null, 0);
        if (first is null) throw new EditRefusedException(new($"There is no \"{Short(name)}\"", $"找不到“{Short(name)}”"));
        return more == 0 ? first : throw new EditRefusedException(new($"\"{Short(name)}\" is the name of several: pick one from the list",
            $"“{Short(name)}”有多个，请从列表中选择"));
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string[] Parts(string text) => [.. Separators().Split(text).Select(p => p.Trim()).Where(p => p.Length > 0).Distinct()];

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    [GeneratedRegex(@"[\s¥￥$€£₩₹']|CNY|USD|EUR|RMB", RegexOptions.IgnoreCase)]
    private static partial Regex Signs();

    [GeneratedRegex(@"^[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d{1,3})?$")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"[,，、;；\n]")]
    private static partial Regex Separators();

    [GeneratedRegex(@"[\s()-]")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"T.*(Z|[+-]\d\d:?\d\d)$")]
    private static partial Regex Instant();

    [GeneratedRegex(@"^\[(?<text>[^\]]+)\]\((?<link>\S+)\)$")]
    private static partial Regex Labelled();
}
