using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary>Values on the wire: which member of <c>value</c> a kind of control has, and what is in it.</summary>
internal static class ApprovalValueJson
{
    /// <summary>Reads what is in a control; <see cref="RawValue"/> when it does not have the shape of its kind: nothing that the platform says is lost.</summary>
    public static ApprovalValue Read(string control, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return new RawValue(value);
        try
        {
            return Known(control, value) ?? new RawValue(value);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return new RawValue(value);
        }
    }

    public static object Write(ApprovalValue value) => value switch
    {
        TextValue text => new { text = text.Text },
        NumberValue number => new { new_number = number.Number.ToString(CultureInfo.InvariantCulture) },
        MoneyValue money => new { new_money = money.Amount.ToString(CultureInfo.InvariantCulture) },
        DateValue date => new { date = new { type = date.IsDay ? "day" : "hour", s_timestamp = date.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) } },
        SelectorValue selector => new { selector = new { type = selector.IsMultiple ? "multi" : "single", options = selector.Options.Select(o => new { key = o.Key }) } },
        MembersValue members => new { members = members.Members.Select(m => new { userid = m.UserId, name = m.Name }) },
        DepartmentsValue departments => new { departments = departments.Departments.Select(d => new { openapi_id = d.Id, name = d.Name }) },
        FilesValue files => new { files = files.MediaIds.Select(f => new { file_id = f }) },
        TableValue table => new { children = table.Rows.Select(r => new { list = r }) },
        DateRangeValue range => new { date_range = Range(range) },
        LocationValue place => new
        {
            location = new
            {
                latitude = place.Latitude.ToString(CultureInfo.InvariantCulture), longitude = place.Longitude.ToString(CultureInfo.InvariantCulture), title = place.Title, address = place.Address,
                time = place.ChosenAt?.ToUnixTimeSeconds(),
            },
        },
        RelatedApprovalsValue related => new { related_approval = related.Numbers.Select(n => new { sp_no = n }) },
        VacationValue vacation => new { vacation = new { selector = new { type = "single", options = new[] { new { key = vacation.Type.Key } } }, attendance = Attendance(vacation.Absence) } },
        AttendanceValue attendance => new { attendance = Attendance(attendance) },
        PunchCorrectionValue punch => new { punch_correction = new { state = punch.State, time = punch.At.ToUnixTimeSeconds() } },
        BankAccountValue account => new { bank_account = account.Account },
        FormulaValue => new { },
        RawValue raw => raw.Json,
        _ => throw new NotSupportedException($"{value.GetType().Name} is not a value of this SDK; send it as RawValue."),
    };

    private static ApprovalValue? Known(string control, JsonElement value)
    {
        T? Part<T>(string name) where T : class => value.TryGetProperty(name, out JsonElement part) ? part.Deserialize<T>(WeComJson.Strict) : null;
        T[]? Parts<T>(string name) where T : class => Part<T?[]>(name) is { } list ? Whole(list) : null;
        return control switch
        {
            "Text" or "Textarea" => Part<string>("text") is { } text ? new TextValue(text) : null,
            "Number" => Part<string>("new_number") is { Length: > 0 } number ? new NumberValue(Decimal(number)) : null,
            "Money" => Part<string>("new_money") is { Length: > 0 } money ? new MoneyValue(Decimal(money)) : null,
            "Date" => Part<DateWire>("date") is { STimestamp: { } at } date ? new DateValue(DateTimeOffset.FromUnixTimeSeconds(at), date.Type == "day") : null,
            "Selector" => Part<SelectorWire>("selector") is { Options: { } chosen } selector ? new SelectorValue([.. Whole(chosen).Select(o => o.ToOption())], selector.Type == "multi") : null,
            "Contact" when Parts<MemberWire>("members") is { Length: > 0 } members => new MembersValue([.. members.Select(m => new FormMember(m.UserId, m.Name ?? ""))]),
            "Contact" => Parts<DepartmentWire>("departments") is { Length: > 0 } departments ? new DepartmentsValue([.. departments.Select(d => new FormDepartment(d.OpenapiId, d.Name ?? ""))]) : null,
            "File" => Parts<FileWire>("files") is { } files ? new FilesValue([.. files.Select(f => f.FileId)]) : null,
            "Table" => Parts<RowWire>("children") is { } rows ? new TableValue([.. rows.Select(r => (IReadOnlyList<ApprovalContent>)Whole(r.List))]) : null,
            "DateRange" => Part<RangeWire>("date_range")?.ToRange(),
            "Location" => Part<LocationWire>("location") is { } place
                ? new LocationValue(Decimal(place.Latitude), Decimal(place.Longitude), place.Title ?? "", place.Address ?? "", place.Time is > 0 and { } time ? DateTimeOffset.FromUnixTimeSeconds(time) : null) : null,
            "RelatedApproval" => Parts<RelatedWire>("related_approval") is { } related ? new RelatedApprovalsValue([.. related.Select(r => r.SpNo)]) : null,
            "Vacation" => Part<VacationWire>("vacation") is { Selector.Options: [{ } type, ..], Attendance: { } absence } ? new VacationValue(type.ToOption(), absence.ToValue()) : null,
            "Attendance" => Part<AttendanceWire>("attendance")?.ToValue(),
            "PunchCorrection" => Part<PunchWire>("punch_correction") is { } punch ? new PunchCorrectionValue(punch.State ?? "", DateTimeOffset.FromUnixTimeSeconds(punch.Time)) : null,
            "Formula" => Part<FormulaWire>("formula") is { Value: { } result } ? new FormulaValue(result) : null,
            "BankAccount" => Part<BankAccount>("bank_account") is { } account ? new BankAccountValue(account) : null,
            _ => null,
        };
    }

    /// <exception cref="JsonException">An entry is null.</exception>
    private static T[] Whole<T>(T?[] list) where T : class => [.. list.Select(entry => entry ?? throw new JsonException("An entry is null."))];

    private static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

        private static object Range(DateRangeValue range) => new
    {
        type = range.IsHalfDay ? "halfday" : "hour", new_begin = range.From.ToUnixTimeSeconds(), new_end = range.To.ToUnixTimeSeconds(), new_duration = (long)range.Duration.TotalSeconds,
    };

    private static object Attendance(AttendanceValue value) => new { date_range = Range(value.Range), type = (int)value.Kind, slice_info = value.Slices };

    private sealed record DateWire(string? Type, [property: JsonPropertyName("s_timestamp")] long? STimestamp);

    private sealed record OptionWire([property: JsonRequired] string Key, IReadOnlyList<LocalizedText>? Value)
    {
        public SelectedOption ToOption() => new(Key, Value);
    }

    private sealed record SelectorWire(string? Type, OptionWire?[]? Options);

    private sealed record MemberWire([property: JsonPropertyName("userid"), JsonRequired] string UserId, string? Name);

    private sealed record DepartmentWire([property: JsonRequired] string OpenapiId, string? Name);

    private sealed record FileWire([property: JsonRequired] string FileId);

    private sealed record RowWire([property: JsonRequired] ApprovalContent?[] List);

    private sealed record RangeWire(string? Type, [property: JsonRequired] long NewBegin, [property: JsonRequired] long NewEnd, long? NewDuration)
    {
        public DateRangeValue ToRange() => new(
            DateTimeOffset.FromUnixTimeSeconds(NewBegin), DateTimeOffset.FromUnixTimeSeconds(NewEnd), TimeSpan.FromSeconds(NewDuration ?? NewEnd - NewBegin), Type == "halfday");
    }

    private sealed record LocationWire([property: JsonRequired] string Latitude, [property: JsonRequired] string Longitude, string? Title, string? Address, long? Time);

    private sealed record RelatedWire([property: JsonRequired] string SpNo);

    private sealed record AttendanceWire([property: JsonRequired] RangeWire DateRange, AbsenceKind Type, JsonElement? SliceInfo)
    {
        public AttendanceValue ToValue() => new(Type, DateRange.ToRange(), SliceInfo);
    }

    private sealed record VacationWire(SelectorWire? Selector, AttendanceWire? Attendance);

    private sealed record PunchWire(string? State, long Time);

    private sealed record FormulaWire(string? Value);
}
