using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Approvals;

/// <summary>Reads the forms of instances. Formats: approval-v4/instance/get; what was submitted by API may come back in the submitted form, so both are read.</summary>
internal static class ApprovalFormValuesReader
{
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 64 };

    public static ApprovalFormValues Read(string? form)
    {
        if (string.IsNullOrEmpty(form)) return new([]);
        try
        {
            using JsonDocument document = JsonDocument.Parse(form, Bounds);
            return Values(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            // Promised to callers: an unreadable form is one without values; its text is still at the instance.
            return new([]);
        }
    }

    private static ApprovalFormValues Values(JsonElement list)
        => new(list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(Control)] : []);

    private static ApprovalFilledControl Control(JsonElement json)
    {
        string type = Text(json, "type") ?? "";
        ApprovalControlKind kind = ApprovalControlKinds.Of(type);
        JsonElement value = Member(json, "value");
        return new(
            Text(json, "id") ?? "", Text(json, "custom_id") is { Length: > 0 } custom ? custom : null, Text(json, "name") ?? "", type, kind,
            Value(kind, json, value) ?? new ApprovalOtherValue(value));
    }

    private static ApprovalValue? Value(ApprovalControlKind kind, JsonElement item, JsonElement value) => kind switch
    {
        ApprovalControlKind.Input or ApprovalControlKind.TextArea => Words(value) is { } text ? new ApprovalTextValue(text) : null,
        ApprovalControlKind.Address => Words(value) is { } place ? new ApprovalTextValue(place) : null,
        ApprovalControlKind.Number or ApprovalControlKind.Formula => Number(value) is { } number ? new ApprovalNumberValue(number, null) : null,
        ApprovalControlKind.Amount => Number(value) is { } amount ? new ApprovalNumberValue(amount, Text(item, "currency") ?? Text(Member(item, "ext"), "currency")) : null,
        ApprovalControlKind.Radio or ApprovalControlKind.Checkbox => Texts(value) is { } chosen ? new ApprovalOptionsValue(chosen, Keys(Member(item, "option"))) : null,
        ApprovalControlKind.Date => Date(value) is { } at ? new ApprovalDateValue(at) : null,
        ApprovalControlKind.DateInterval => Interval(value),
        ApprovalControlKind.Contact => People(item, value),
        ApprovalControlKind.Department => Departments(value),
        ApprovalControlKind.Connect => Texts(value) is { } codes ? new ApprovalConnectedValue(codes) : null,
        ApprovalControlKind.Document => Text(value, "token") is { } token ? new ApprovalDocumentValue(token, Text(value, "type") ?? "", Text(value, "title"), Text(value, "url")) : null,
        ApprovalControlKind.Attachment or ApprovalControlKind.Image => Texts(value) is { } urls ? new ApprovalFilesValue(urls, Names(Text(item, "ext"))) : null,
        ApprovalControlKind.FieldList => value.ValueKind == JsonValueKind.Array ? new ApprovalRowsValue([.. value.EnumerateArray().Select(Values)]) : null,
        ApprovalControlKind.Telephone => Telephone(value),
        ApprovalControlKind.LeaveGroup or ApprovalControlKind.WorkGroup or ApprovalControlKind.OutGroup => value.ValueKind == JsonValueKind.Array
            ? new ApprovalRowsValue([Values(value)]) : Interval(value),
        ApprovalControlKind.ShiftGroup => Date(Member(value, "shiftTime")) is { } shift && Date(Member(value, "returnTime")) is { } back
            ? new ApprovalShiftValue(shift, back, Text(value, "reason") ?? "") : null,
        _ => null,
    };

    private static ApprovalIntervalValue? Interval(JsonElement value)
        => Date(Member(value, "start")) is { } start && Date(Member(value, "end")) is { } end
            ? new(start, end, Number(Member(value, "interval")) ?? 0, Text(value, "unit"), Text(value, "name"), Text(value, "reason")) : null;

    private static ApprovalPeopleValue? People(JsonElement item, JsonElement value)
    {
        List<string>? users = Texts(value), opens = Texts(Member(item, "open_ids"));
        return users is null && opens is null ? null : new(users ?? [], opens ?? []);
    }

    private static ApprovalDepartmentsValue? Departments(JsonElement value)
        => value.ValueKind == JsonValueKind.Array ? new([.. value.EnumerateArray().Select(d => Text(d, "open_id") ?? "").Where(id => id.Length > 0)]) : null;

    private static ApprovalTelephoneValue? Telephone(JsonElement value)
        => (Text(value, "country_code") ?? Text(value, "countryCode")) is { } country && (Text(value, "national_number") ?? Text(value, "nationalNumber")) is { } national
            ? new(country, national) : null;

    /// <summary>Keys beside the texts, where they come: one object, or several.</summary>
    private static List<string> Keys(JsonElement option) => option.ValueKind switch
    {
        JsonValueKind.Object when Text(option, "key") is { } key => [key],
        JsonValueKind.Array => [.. option.EnumerateArray().Select(o => Text(o, "key") ?? "").Where(k => k.Length > 0)],
        _ => [],
    };

    /// <summary>Names come quoted and parted by commas: <c>'a.pdf','b.pdf'</c>.</summary>
    private static List<string> Names(string? ext) => string.IsNullOrEmpty(ext) ? []
        : ext.StartsWith('\'') ? [.. ext.Trim('\'').Split("','")] : [.. ext.Split(',')];

    private static string? Words(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(v => v.GetString()!)],
        _ => null,
    };

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out decimal number) ? number : null,
        JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal parsed) ? parsed : null,
        _ => null,
    };

    private static DateTimeOffset? Date(JsonElement value)
        => value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    private static JsonElement Member(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
