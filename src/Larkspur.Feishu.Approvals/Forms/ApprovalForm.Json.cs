using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Approvals;

public sealed partial class ApprovalForm
{
    /// <summary>A plain value, read by the control's kind; see <see cref="FromJson"/>.</summary>
    /// <param name="control">Id, custom id, or unique name.</param>
    /// <param name="value">The value; null: not given.</param>
    public ApprovalForm SetJson(string control, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            // A control that is not there is told even so: a misspelt name must not pass as "not given".
            if (ApprovalFormKeys.Find(_controls, control, out _) is null) Resolve(control);
            return this;
        }

        if (Resolve(control) is not { } c) return this;
        if (Read(c, control, value)) return this;
        Blame(ApprovalFormFault.WrongType, c, control, ApprovalFormTexts.WrongType(c, Shape(value)));
        return this;
    }

    /// <summary>False: the value is not of the control's kind. What is wrong in a value of the right kind is noted by who keeps it.</summary>
    private bool Read(ApprovalControl control, string key, JsonElement value)
    {
        switch (control.Kind)
        {
            case ApprovalControlKind.Input or ApprovalControlKind.TextArea:
                if (value.ValueKind != JsonValueKind.String) return false;
                Keep(control, key, JsonValue.Create(value.GetString()!));
                return true;
            case ApprovalControlKind.Number or ApprovalControlKind.Formula:
                if (Number(value) is not { } number) return false;
                Keep(control, key, JsonValue.Create(number));
                return true;
            case ApprovalControlKind.Amount:
                return ReadAmount(control, key, value);
            case ApprovalControlKind.Radio:
                if (value.ValueKind != JsonValueKind.String) return false;
                KeepOptions(control, key, [value.GetString()!]);
                return true;
            case ApprovalControlKind.Checkbox:
                if (Texts(value) is not { } chosen) return false;
                KeepOptions(control, key, chosen);
                return true;
            case ApprovalControlKind.Date:
                if (Date(value) is not { } date) return false;
                Keep(control, key, JsonValue.Create(Stamp(date)));
                return true;
            case ApprovalControlKind.DateInterval:
                return ReadInterval(control, key, value);
            case ApprovalControlKind.Contact:
                return ReadPeople(control, key, value);
            case ApprovalControlKind.Department:
                if (Texts(value, "open_id", "open_department_id") is not { } departments) return false;
                KeepDepartments(control, key, departments);
                return true;
            case ApprovalControlKind.Connect or ApprovalControlKind.Attachment or ApprovalControlKind.Image:
                if (Texts(value) is not { } codes) return false;
                Keep(control, key, List(codes));
                return true;
            case ApprovalControlKind.Document:
                return ReadDocument(control, key, value);
            case ApprovalControlKind.FieldList:
                return ReadRows(control, key, value);
            case ApprovalControlKind.Telephone:
                return ReadTelephone(control, key, value);
            case ApprovalControlKind.Address:
                return ReadAddress(control, key, value);
            case ApprovalControlKind.LeaveGroup or ApprovalControlKind.WorkGroup or ApprovalControlKind.OutGroup:
                if (_items.ContainsKey(control.Id))
                {
                    Blame(ApprovalFormFault.GivenTwice, control, key, ApprovalFormTexts.GivenTwice(control));
                    return true;
                }

                return ReadPart(control, value);
            case ApprovalControlKind.ShiftGroup:
                return ReadShift(control, key, value);
            default:
                SetRaw(control.Id, value);
                return true;
        }
    }

    private bool ReadAmount(ApprovalControl control, string key, JsonElement value)
    {
        if (Number(value) is { } bare)
        {
            KeepAmount(control, key, bare, null);
            return true;
        }

        if (value.ValueKind != JsonValueKind.Object || Number(First(value, "value", "amount")) is not { } amount) return false;
        JsonElement currency = First(value, "currency");
        if (currency.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) return false;
        KeepAmount(control, key, amount, currency.ValueKind == JsonValueKind.String ? currency.GetString() : null);
        return true;
    }

    private bool ReadInterval(ApprovalControl control, string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || Date(First(value, "start")) is not { } start || Date(First(value, "end")) is not { } end) return false;
        JsonElement stated = First(value, "interval", "days");
        decimal? days = Number(stated);
        if (days is null && stated.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)) return false;
        KeepInterval(control, key, start, end, days);
        return true;
    }

    private bool ReadPeople(ApprovalControl control, string key, JsonElement value)
    {
        if (Texts(value, "open_id", "user_id") is not { } ids) return false;
        List<ApprovalPerson> people = [];
        foreach (string id in ids)
        {
            if (ApprovalPerson.TryParse(id, out ApprovalPerson person))
            {
                people.Add(person);
                continue;
            }

            string shown = ApprovalFormTexts.Shown(id);
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(control, $"“{shown}”不是 open_id 或 user_id", $"\"{shown}\" is neither an open_id nor a user_id"));
        }

        if (people.Count == ids.Count) KeepPeople(control, key, people);
        return true;
    }

    private bool ReadDocument(ApprovalControl control, string key, JsonElement value)
    {
        string? token = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object when First(value, "token") is { ValueKind: JsonValueKind.String } stated => stated.GetString(),
            _ => null,
        };
        if (string.IsNullOrEmpty(token)) return false;
        string type = value.ValueKind == JsonValueKind.Object && First(value, "type") is { ValueKind: JsonValueKind.String } named ? named.GetString()! : "docx";
        Keep(control, key, new JsonObject { ["token"] = token, ["type"] = type });
        return true;
    }

    private bool ReadRows(ApprovalControl control, string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return false;
        if (_items.ContainsKey(control.Id))
        {
            Blame(ApprovalFormFault.GivenTwice, control, key, ApprovalFormTexts.GivenTwice(control));
            return true;
        }

        return value.EnumerateArray().All(row => row.ValueKind is JsonValueKind.Object or JsonValueKind.Array) && value.EnumerateArray().All(row => ReadPart(control, row));
    }

    /// <summary>A row or a group: an object by control, or the wire's list of <c>{id,type,value}</c>.</summary>
    private bool ReadPart(ApprovalControl control, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            ApprovalForm part = AddPart(control);
            foreach (JsonProperty member in value.EnumerateObject()) part.SetJson(member.Name, member.Value);
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array
            || !value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object && First(i, "id").ValueKind == JsonValueKind.String))
        {
            return false;
        }

        ApprovalForm listed = AddPart(control);
        foreach (JsonElement item in value.EnumerateArray()) listed.SetJson(First(item, "id").GetString()!, First(item, "value"));
        return true;
    }

    private bool ReadTelephone(ApprovalControl control, string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Split([' ', '-'], 2) is [var code, var rest])
        {
            KeepTelephone(control, key, code, rest.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal));
            return true;
        }

        if (value.ValueKind != JsonValueKind.Object
            || First(value, "country_code", "countryCode") is not { ValueKind: JsonValueKind.String } country
            || First(value, "national_number", "nationalNumber") is not { ValueKind: JsonValueKind.String } national)
        {
            return false;
        }

        KeepTelephone(control, key, country.GetString()!, national.GetString()!);
        return true;
    }

    private bool ReadAddress(ApprovalControl control, string key, JsonElement value)
    {
        JsonElement place = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 ? value[0] : value;
        if (place.ValueKind == JsonValueKind.String && place.GetString() is { Length: > 0 } bare)
        {
            KeepAddress(control, key, bare, null);
            return true;
        }

        if (place.ValueKind != JsonValueKind.Object || First(place, "id") is not { ValueKind: JsonValueKind.String } id || id.GetString() is not { Length: > 0 } district) return false;
        JsonElement detail = First(place, "detail_address", "detailAddress");
        if (detail.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) return false;
        KeepAddress(control, key, district, detail.ValueKind == JsonValueKind.String ? detail.GetString() : null);
        return true;
    }

    private bool ReadShift(ApprovalControl control, string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object
            || Date(First(value, "shift_time", "shiftTime")) is not { } shift
            || Date(First(value, "return_time", "returnTime")) is not { } giveBack
            || First(value, "reason") is not { ValueKind: JsonValueKind.String } reason || string.IsNullOrWhiteSpace(reason.GetString()))
        {
            return false;
        }

        Keep(control, key, new JsonObject { ["shiftTime"] = Stamp(shift), ["returnTime"] = Stamp(giveBack), ["reason"] = reason.GetString() });
        return true;
    }

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out decimal number) ? number : null,
        JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal parsed)
            ? parsed
            : null,
        _ => null,
    };

    /// <summary>RFC 3339; without an offset it is the form's.</summary>
    private DateTimeOffset? Date(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= 40 } text) return null;
        if (DateTime.TryParseExact(text, LocalDates, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)) return InRange(local, Offset);
        return char.IsAsciiDigit(text[0]) && text.Length >= 17 && text[10] is 'T' or ' '
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset stated) ? stated : null;
    }

    private static DateTimeOffset? InRange(DateTime local, TimeSpan offset) => local.Year is > 1 and < 9999 ? new DateTimeOffset(local, offset) : null;

    private static readonly string[] LocalDates = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>One text or several; objects count as the text of the first member that is named. Null: something else is among them.</summary>
    private static List<string>? Texts(JsonElement value, params ReadOnlySpan<string> members)
    {
        List<string> texts = [];
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        foreach (JsonElement item in items)
        {
            JsonElement text = item.ValueKind == JsonValueKind.Object ? First(item, members) : item;
            if (text.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(text.GetString())) return null;
            texts.Add(text.GetString()!);
        }

        return texts;
    }

    private static JsonElement First(JsonElement value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member)) return member;
        }

        return default;
    }

    /// <summary>What a value of JSON is called in a message; the value itself stays out of it, for it may be private.</summary>
    private static FeishuExplanation Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new("一段文字", "text"),
        JsonValueKind.Number => new("一个数字", "a number"),
        JsonValueKind.True or JsonValueKind.False => new("真假值", "true or false"),
        JsonValueKind.Array => new("不合适的列表", "such a list"),
        _ => new("不合适的对象", "such an object"),
    };
}
