using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Approvals;

public sealed partial class ApprovalForm
{
    private static readonly FeishuExplanation Words = new("文字", "text");
    private static readonly FeishuExplanation ANumber = new("数字", "a number");
    private static readonly FeishuExplanation AnAmount = new("金额", "an amount");
    private static readonly FeishuExplanation AnOption = new("选项", "an option");
    private static readonly FeishuExplanation SomeOptions = new("多个选项", "several options");
    private static readonly FeishuExplanation ADate = new("日期", "a date");
    private static readonly FeishuExplanation AnInterval = new("日期区间", "an interval of dates");
    private static readonly FeishuExplanation SomePeople = new("成员", "people");
    private static readonly FeishuExplanation SomeDepartments = new("部门", "departments");
    private static readonly FeishuExplanation SomeInstances = new("审批实例", "approval instances");
    private static readonly FeishuExplanation ADocument = new("文档", "a document");
    private static readonly FeishuExplanation SomeFiles = new("文件", "files");
    private static readonly FeishuExplanation SomeRows = new("明细行", "rows");
    private static readonly FeishuExplanation ANumberToCall = new("电话", "a telephone number");
    private static readonly FeishuExplanation APlace = new("地址", "an address");
    private static readonly FeishuExplanation AGroup = new("控件组的值", "values of a group");
    private static readonly FeishuExplanation AShift = new("换班", "a change of shifts");

    /// <summary>Text, of one line or several.</summary>
    /// <param name="control">Id, custom id, or unique name; of an <c>input</c> or <c>textarea</c>.</param>
    /// <param name="value">The text; blank counts as not given.</param>
    public ApprovalForm SetText(string control, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return For(control, Words, ApprovalControlKind.Input, ApprovalControlKind.TextArea) is { } c ? Keep(c, control, JsonValue.Create(value)) : this;
    }

    /// <summary>A number.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>number</c> or <c>formula</c>.</param>
    /// <param name="value">The number. A formula's must be what the platform computes.</param>
    public ApprovalForm SetNumber(string control, decimal value)
        => For(control, ANumber, ApprovalControlKind.Number, ApprovalControlKind.Formula) is { } c ? Keep(c, control, JsonValue.Create(value)) : this;

    /// <summary>Money.</summary>
    /// <param name="control">Id, custom id, or unique name; of an <c>amount</c>.</param>
    /// <param name="value">How much.</param>
    /// <param name="currency"><c>CNY</c>, <c>USD</c>, …, one that the control offers; null: the control's own.</param>
    public ApprovalForm SetAmount(string control, decimal value, string? currency = null)
        => For(control, AnAmount, ApprovalControlKind.Amount) is { } c ? KeepAmount(c, control, value, currency) : this;

    /// <summary>One option.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>radioV2</c>. A <c>checkboxV2</c> gets this one option.</param>
    /// <param name="option">Its key, or its text when only one option has it.</param>
    public ApprovalForm SetOption(string control, string option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return For(control, AnOption, ApprovalControlKind.Radio, ApprovalControlKind.Checkbox) is { } c ? KeepOptions(c, control, [option]) : this;
    }

    /// <summary>Some options.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>checkboxV2</c>.</param>
    /// <param name="options">Their keys, or texts.</param>
    public ApprovalForm SetOptions(string control, IEnumerable<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return For(control, SomeOptions, ApprovalControlKind.Checkbox) is { } c ? KeepOptions(c, control, [.. options]) : this;
    }

    /// <summary>A point in time.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>date</c>.</param>
    /// <param name="value">When; its own offset is kept, for it decides the day.</param>
    public ApprovalForm SetDate(string control, DateTimeOffset value)
        => For(control, ADate, ApprovalControlKind.Date) is { } c ? Keep(c, control, JsonValue.Create(Stamp(value))) : this;

    /// <summary>From and to.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>dateInterval</c>.</param>
    /// <param name="start">From.</param>
    /// <param name="end">To; not before <paramref name="start"/>.</param>
    /// <param name="days">How many days; null: what lies between the two.</param>
    public ApprovalForm SetInterval(string control, DateTimeOffset start, DateTimeOffset end, decimal? days = null)
        => For(control, AnInterval, ApprovalControlKind.DateInterval) is { } c ? KeepInterval(c, control, start, end, days) : this;

    /// <summary>People.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>contact</c>.</param>
    /// <param name="people">Who.</param>
    public ApprovalForm SetPeople(string control, params IEnumerable<ApprovalPerson> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        return For(control, SomePeople, ApprovalControlKind.Contact) is { } c ? KeepPeople(c, control, [.. people]) : this;
    }

    /// <summary>Departments.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>department</c>.</param>
    /// <param name="openDepartmentIds"><c>od-…</c></param>
    public ApprovalForm SetDepartments(string control, params IEnumerable<string> openDepartmentIds)
    {
        ArgumentNullException.ThrowIfNull(openDepartmentIds);
        return For(control, SomeDepartments, ApprovalControlKind.Department) is { } c ? KeepDepartments(c, control, [.. openDepartmentIds]) : this;
    }

    /// <summary>Other approvals.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>connect</c>.</param>
    /// <param name="instanceCodes">Which instances.</param>
    public ApprovalForm SetConnected(string control, params IEnumerable<string> instanceCodes)
    {
        ArgumentNullException.ThrowIfNull(instanceCodes);
        return For(control, SomeInstances, ApprovalControlKind.Connect) is { } c ? Keep(c, control, List(instanceCodes)) : this;
    }

    /// <summary>A document of the platform.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>document</c>.</param>
    /// <param name="token">Its document_id.</param>
    /// <param name="type">Its type; the platform takes <c>docx</c> alone.</param>
    public ApprovalForm SetDocument(string control, string token, string type = "docx")
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return For(control, ADocument, ApprovalControlKind.Document) is { } c ? Keep(c, control, new JsonObject { ["token"] = token, ["type"] = type }) : this;
    }

    /// <summary>Uploaded files or pictures.</summary>
    /// <param name="control">Id, custom id, or unique name; of an <c>attachmentV2</c> or <c>image</c>.</param>
    /// <param name="codes">What the upload answered: <c>feishu.Approvals.Files</c>.</param>
    public ApprovalForm SetFiles(string control, params IEnumerable<string> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return For(control, SomeFiles, ApprovalControlKind.Attachment, ApprovalControlKind.Image) is { } c ? Keep(c, control, List(codes)) : this;
    }

    /// <summary>A telephone number.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>telephone</c>.</param>
    /// <param name="countryCode">With its plus: <c>+86</c>.</param>
    /// <param name="nationalNumber">The rest, digits.</param>
    public ApprovalForm SetTelephone(string control, string countryCode, string nationalNumber)
    {
        ArgumentNullException.ThrowIfNull(countryCode);
        ArgumentNullException.ThrowIfNull(nationalNumber);
        return For(control, ANumberToCall, ApprovalControlKind.Telephone) is { } c ? KeepTelephone(c, control, countryCode, nationalNumber) : this;
    }

    /// <summary>A place.</summary>
    /// <param name="control">Id, custom id, or unique name; of an <c>address</c>.</param>
    /// <param name="districtId">The platform's id of the district (<c>feishu.Approval.V4.District</c> lists them).</param>
    /// <param name="detail">Street and house, where the form takes them; null: none.</param>
    public ApprovalForm SetAddress(string control, string districtId, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(districtId);
        return For(control, APlace, ApprovalControlKind.Address) is { } c ? KeepAddress(c, control, districtId, detail) : this;
    }

    /// <summary>A change of shifts.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>shiftGroup</c>.</param>
    /// <param name="shift">The shift that is given away.</param>
    /// <param name="giveBack">The one that is worked instead.</param>
    /// <param name="reason">Why.</param>
    public ApprovalForm SetShift(string control, DateTimeOffset shift, DateTimeOffset giveBack, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return For(control, AShift, ApprovalControlKind.ShiftGroup) is { } c
            ? Keep(c, control, new JsonObject { ["shiftTime"] = Stamp(shift), ["returnTime"] = Stamp(giveBack), ["reason"] = reason })
            : this;
    }

    /// <summary>Adds a row to a table.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>fieldList</c>.</param>
    /// <param name="fill">Sets the row's values.</param>
    public ApprovalForm AddRow(string control, Action<ApprovalForm> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        if (For(control, SomeRows, ApprovalControlKind.FieldList) is { } c) fill(AddPart(c));
        return this;
    }

    /// <summary>The values of a group: leave, overtime, out of office.</summary>
    /// <param name="control">Id, custom id, or unique name; of a <c>leaveGroupV2</c>, <c>workGroup</c> or <c>outGroup</c>.</param>
    /// <param name="fill">Sets the group's values, by the ids that the platform gives them (<c>widgetLeaveGroupType</c>, …).</param>
    public ApprovalForm SetGroup(string control, Action<ApprovalForm> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        if (For(control, AGroup, ApprovalControlKind.LeaveGroup, ApprovalControlKind.WorkGroup, ApprovalControlKind.OutGroup) is not { } c) return this;
        if (_items.ContainsKey(c.Id)) Blame(ApprovalFormFault.GivenTwice, c, control, ApprovalFormTexts.GivenTwice(c));
        else fill(AddPart(c));
        return this;
    }

    /// <summary>The value of a control whose type this SDK does not know, exactly as the platform wants it.</summary>
    /// <param name="control">Id, custom id, or unique name.</param>
    /// <param name="value">The wire's <c>value</c>.</param>
    public ApprovalForm SetRaw(string control, JsonElement value)
        => Resolve(control) is { } c && JsonNode.Parse(value.GetRawText()) is { } node ? Keep(c, control, node) : this;

    private ApprovalControl? For(string key, FeishuExplanation given, params ReadOnlySpan<ApprovalControlKind> kinds)
    {
        if (Resolve(key) is not { } control) return null;
        if (kinds.Contains(control.Kind)) return control;
        Blame(ApprovalFormFault.WrongType, control, key, ApprovalFormTexts.WrongType(control, given));
        return null;
    }

    private ApprovalForm AddPart(ApprovalControl control)
    {
        if (!_parts.TryGetValue(control.Id, out List<ApprovalForm>? parts))
        {
            _parts[control.Id] = parts = [];
            _items.TryAdd(control.Id, new JsonObject { ["value"] = new JsonArray() });
        }

        string where = control.Name.Length > 0 ? ApprovalFormTexts.Shown(control.Name) : control.Id;
        string row = control.Kind == ApprovalControlKind.FieldList ? $"{where}[{parts.Count}]" : where;
        var part = new ApprovalForm(this, control, _row.Length == 0 ? row : $"{_row}.{row}");
        parts.Add(part);
        return part;
    }

    private ApprovalForm KeepAmount(ApprovalControl control, string key, decimal value, string? currency)
    {
        string? used = currency ?? control.DefaultCurrency ?? (control.Currencies.Count == 1 ? control.Currencies[0] : null);
        if (used is not null && control.Currencies.Count > 0 && !control.Currencies.Contains(used))
        {
            string there = string.Join(", ", control.Currencies);
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(
                control, $"不支持币种“{ApprovalFormTexts.Shown(used)}”，可选：{there}", $"takes no {ApprovalFormTexts.Shown(used)}; it takes {there}"));
            return this;
        }

        return Keep(control, key, JsonValue.Create(value), ("currency", used is null ? null : JsonValue.Create(used)));
    }

    private ApprovalForm KeepOptions(ApprovalControl control, string key, IReadOnlyList<string> given)
    {
        List<string> keys = [];
        foreach (string option in given)
        {
            if (ApprovalFormKeys.Option(control, option, out bool ambiguous) is { } known) keys.Add(known);
            else if (ambiguous) Blame(ApprovalFormFault.AmbiguousOption, control, key, ApprovalFormTexts.AmbiguousOption(control, option));
            else Blame(ApprovalFormFault.UnknownOption, control, key, ApprovalFormTexts.UnknownOption(control, option));
        }

        if (keys.Count < given.Count) return this;
        return Keep(control, key, control.Kind == ApprovalControlKind.Radio ? JsonValue.Create(keys[0]) : List(keys.Distinct(StringComparer.Ordinal)));
    }

    private ApprovalForm KeepInterval(ApprovalControl control, string key, DateTimeOffset start, DateTimeOffset end, decimal? days)
    {
        if (end < start)
        {
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(control, "结束早于开始", "ends before it starts"));
            return this;
        }

        if (days < 0)
        {
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(control, "天数为负", "has a negative number of days"));
            return this;
        }

        decimal interval = days ?? Math.Round((decimal)(end - start).Ticks / TimeSpan.TicksPerDay, 4);
        return Keep(control, key, new JsonObject { ["start"] = Stamp(start), ["end"] = Stamp(end), ["interval"] = interval });
    }

    private ApprovalForm KeepPeople(ApprovalControl control, string key, IReadOnlyList<ApprovalPerson> people)
    {
        JsonArray users = List(people.Where(p => p.IsUserId).Select(p => p.Id)), opens = List(people.Where(p => !p.IsUserId).Select(p => p.Id));
        return people.Count == 0 ? this : Keep(control, key, users, ("open_ids", opens.Count > 0 ? opens : null));
    }

    private ApprovalForm KeepDepartments(ApprovalControl control, string key, IReadOnlyList<string> ids)
    {
        if (ids.FirstOrDefault(id => id is null || !id.StartsWith("od-", StringComparison.Ordinal)) is { } wrong)
        {
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(
                control, $"“{ApprovalFormTexts.Shown(wrong)}”不是 open_department_id（od-…）", $"\"{ApprovalFormTexts.Shown(wrong)}\" is no open_department_id (od-…)"));
            return this;
        }

        return Keep(control, key, new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["open_id"] = id })]));
    }

    private ApprovalForm KeepTelephone(ApprovalControl control, string key, string country, string national)
    {
        if (country.Length is < 2 or > 5 || country[0] != '+' || !country.AsSpan(1).ContainsOnlyDigits() || national.Length is 0 or > 20 || !national.AsSpan().ContainsOnlyDigits())
        {
            Blame(ApprovalFormFault.WrongValue, control, key, ApprovalFormTexts.Wrong(control, "区号应如 +86，号码只含数字", "the country code looks like +86, and the number has only digits"));
            return this;
        }

        return Keep(control, key, new JsonObject { ["countryCode"] = country, ["nationalNumber"] = national });
    }

    private ApprovalForm KeepAddress(ApprovalControl control, string key, string districtId, string? detail)
    {
        var place = new JsonObject { ["id"] = districtId };
        if (!string.IsNullOrEmpty(detail)) place["detailAddress"] = detail;
        return Keep(control, key, new JsonArray(place));
    }

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v)!)]);
}

/// <summary>What spans are asked here.</summary>
file static class Digits
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
