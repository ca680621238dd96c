using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>The value of each kind of control: its shape on the wire, and how people read it. Numbers and times travel as strings.</summary>
internal sealed class ControlValues(WeComCorp corp, WeComMedia media)
{
    private const int MostCharacters = 10_000;
    private const int MostChoices = 500;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <returns><see langword="null"/> when the value is an empty one.</returns>
    /// <exception cref="WeComRefusal">301025: it does not have the shape of its control.</exception>
    public ApprovalField? Read(ApprovalControl control, JsonObject value) => control.Control switch
    {
        "Text" or "Textarea" => Plain(control, value, "text", _ => true),
        "Number" => Plain(control, value, "new_number", IsNumber),
        "Money" => Plain(control, value, "new_money", t => IsNumber(t) && !t.StartsWith('-')),
        "Date" => Date(control, value),
        "Selector" => Selector(control, value),
        "Contact" => control.Settings("contact")["mode"]?.ToString() == "department" ? Departments(control, value) : Members(control, value),
        "File" => Files(control, value),
        "DateRange" => Range(control, value),
        "Location" => Location(control, value),
        "RelatedApproval" => Related(control, value),
        "Vacation" => Opaque(control, value, "vacation"),
        "Attendance" => Opaque(control, value, "attendance"),
        "BankAccount" => Opaque(control, value, "bank_account"),
        _ => Opaque(control, value, null),
    };

    /// <param name="enText"><see langword="null"/>: it reads the same.</param>
    public static ApprovalField Field(ApprovalControl control, JsonObject value, string text, string? enText = null) => new(
        new JsonObject { ["control"] = control.Control, ["id"] = control.Id, ["title"] = LocalTexts.Show(control.Title), ["value"] = value }.ToJsonString(), control.Title, text, enText ?? text);

    private static ApprovalField? Plain(ApprovalControl control, JsonObject value, string name, Func<string, bool> fits)
    {
        var text = Text(control, value, name);
        if (text.Length == 0) return null;
        return text.Length <= MostCharacters && fits(text) ? Field(control, new JsonObject { [name] = text }, text) : throw Bad(control, name);
    }

    private static ApprovalField? Date(ApprovalControl control, JsonObject value)
    {
        if (WeComJson.Object(value, "date") is not { } date) throw Bad(control, "date");
        var (type, stamp) = (Text(control, date, "type"), Text(control, date, "s_timestamp"));
        if (stamp.Length == 0) return null;
        if (type != control.Settings("date")["type"]?.ToString()) throw Bad(control, "date.type");
        return Field(control, new JsonObject { ["date"] = new JsonObject { ["type"] = type, ["s_timestamp"] = stamp } }, Day(control, stamp, type == "hour"));
    }

    private static ApprovalField? Selector(ApprovalControl control, JsonObject value)
    {
        if (WeComJson.Object(value, "selector") is not { } selector) throw Bad(control, "selector");
        var settings = control.Settings("selector");
        var type = settings["type"]?.ToString();
        if (Text(control, selector, "type") != type) throw Bad(control, "selector.type");
        var keys = List(control, selector, "options").Select(o => Text(control, o, "key")).ToArray();
        if (keys.Length == 0) return null;
        if (keys.Length > (type == "single" ? 1 : MostChoices) || keys.Distinct(StringComparer.Ordinal).Count() != keys.Length) throw Bad(control, "selector.options");
        var options = settings["options"]!.AsArray().Select(o => o!.AsObject()).ToArray();
        var chosen = keys.Select(k => options.FirstOrDefault(o => o["key"]?.ToString() == k) ?? throw Bad(control, "selector.options: " + k)).ToArray();
        var shown = new JsonArray([.. chosen.Select(o => (JsonNode?)new JsonObject { ["key"] = o["key"]!.ToString(), ["value"] = LocalTexts.Show(LocalTexts.Read(o, "value", MostCharacters)) })]);
        string Read(bool chinese) => string.Join(", ", chosen.Select(o => LocalTexts.Of(LocalTexts.Read(o, "value", MostCharacters), chinese)));
        return Field(control, new JsonObject { ["selector"] = new JsonObject { ["type"] = type, ["options"] = shown } }, Read(chinese: true), Read(chinese: false));
    }

    private ApprovalField? Members(ApprovalControl control, JsonObject value)
    {
        var people = List(control, value, "members").Select(m => corp.Member(Text(control, m, "userid")) ?? throw Bad(control, "members: nobody of that userid")).ToArray();
        if (people.Length == 0) return null;
        Count(control, people.Length);
        var shown = people.Select(p => new JsonObject { ["userid"] = p.UserId, ["name"] = p.Name });
        return Field(control, new JsonObject { ["members"] = WeComJson.List(shown) }, string.Join("、", people.Select(p => p.Name)), string.Join(", ", people.Select(p => p.EnName.Length > 0 ? p.EnName : p.Name)));
    }

    private ApprovalField? Departments(ApprovalControl control, JsonObject value)
    {
        var known = corp.Departments;
        var chosen = List(control, value, "departments").Select(d => Text(control, d, "openapi_id"))
            .Select(id => known.FirstOrDefault(k => k.Id.ToString(CultureInfo.InvariantCulture) == id) ?? throw Bad(control, "departments: none of that id")).ToArray();
        if (chosen.Length == 0) return null;
        Count(control, chosen.Length);
        var shown = chosen.Select(d => new JsonObject { ["openapi_id"] = d.Id.ToString(CultureInfo.InvariantCulture), ["name"] = d.Name });
        return Field(control, new JsonObject { ["departments"] = WeComJson.List(shown) }, string.Join("、", chosen.Select(d => d.Name)), string.Join(", ", chosen.Select(d => d.EnName)));
    }

    private ApprovalField? Files(ApprovalControl control, JsonObject value)
    {
        var files = List(control, value, "files").Select(f => Text(control, f, "file_id"))
            .Select(id => media.Has(id, null, WeComMedia.Corp, out var file) ? file : throw Bad(control, "files: no such media_id")).ToArray();
        return files.Length == 0 ? null
            : Field(control, new JsonObject { ["files"] = WeComJson.List(files.Select(f => new JsonObject { ["file_id"] = f.MediaId })) }, string.Join(", ", files.Select(f => f.Name)));
    }

    private static ApprovalField Range(ApprovalControl control, JsonObject value)
    {
        if (WeComJson.Object(value, "date_range") is not { } range) throw Bad(control, "date_range");
        var (type, begin, end, seconds) = (Text(control, range, "type"), WeComJson.Number(range, "new_begin"), WeComJson.Number(range, "new_end"), WeComJson.Number(range, "new_duration"));
        if (type != control.Settings("date_range")["type"]?.ToString() || begin is not { } from || end is not { } to || from > to || seconds is not (null or >= 0)) throw Bad(control, "date_range");
        return Field(control, value.DeepClone().AsObject(), $"{Day(control, $"{from}", type == "hour")} – {Day(control, $"{to}", type == "hour")}");
    }

    private static ApprovalField Location(ApprovalControl control, JsonObject value)
    {
        if (WeComJson.Object(value, "location") is not { } place) throw Bad(control, "location");
        bool Within(string name, double most) => double.TryParse(Text(control, place, name), CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most;
        if (!Within("latitude", 90) || !Within("longitude", 180)) throw Bad(control, "location");
        return Field(control, value.DeepClone().AsObject(), Text(control, place, "title"));
    }

    private static ApprovalField? Related(ApprovalControl control, JsonObject value)
    {
        var numbers = List(control, value, "related_approval").Select(r => Text(control, r, "sp_no")).ToArray();
        if (numbers.Any(n => n.Length is 0 or > 64)) throw Bad(control, "related_approval");
        return numbers.Length == 0 ? null : Field(control, value.DeepClone().AsObject(), string.Join(", ", numbers));
    }

    /// <summary>What is kept as it came: of these the emulator knows no more than where they stand.</summary>
    private static ApprovalField Opaque(ApprovalControl control, JsonObject value, string? name)
    {
        if (name is not null && value[name] is not JsonObject) throw Bad(control, name);
        return value.ToJsonString().Length <= MostCharacters ? Field(control, value.DeepClone().AsObject(), "…") : throw Bad(control, "value");
    }

    private static void Count(ApprovalControl control, int count)
    {
        if (count > (control.Settings("contact")["type"]?.ToString() == "single" ? 1 : MostChoices)) throw Bad(control, "more are chosen than the form lets");
    }

    private static string Text(ApprovalControl control, JsonObject json, string name) => json[name] switch
    {
        null => "",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        _ => throw Bad(control, name),
    };

    private static IReadOnlyList<JsonObject> List(ApprovalControl control, JsonObject json, string name) =>
        json[name] is JsonArray list && list.All(i => i is JsonObject) && list.Count <= MostChoices ? [.. list.Select(i => i!.AsObject())] : throw Bad(control, name);

    private static bool IsNumber(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static string Day(ApprovalControl control, string seconds, bool withTime) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(number).ToOffset(China).ToString(withTime ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : throw Bad(control, "timestamp");

    private static WeComRefusal Bad(ApprovalControl control, string what) => ApprovalRefusal.Param($"{control.Id}: {what}");
}
