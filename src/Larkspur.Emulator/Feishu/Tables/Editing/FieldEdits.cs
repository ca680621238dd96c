using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>What a person does with a table's fields in its page.</summary>
/// <remarks>It plays the drift of a schema; unlike edits of rows it cannot be taken back.</remarks>
internal static class FieldEdits
{
    private const int LongestName = 100;

    /// <summary>The kinds of field that can be made with a name alone, by their <c>ui_type</c>.</summary>
    public static readonly (int Type, string Ui)[] Kinds =
    [
        (FieldTypes.Text, "Text"), (FieldTypes.Number, "Number"), (FieldTypes.Number, "Currency"), (FieldTypes.Number, "Progress"),
        (FieldTypes.Number, "Rating"), (FieldTypes.SingleSelect, "SingleSelect"), (FieldTypes.MultiSelect, "MultiSelect"),
        (FieldTypes.DateTime, "DateTime"), (FieldTypes.Checkbox, "Checkbox"), (FieldTypes.User, "User"), (FieldTypes.Phone, "Phone"),
        (FieldTypes.Text, "Email"), (FieldTypes.Text, "Barcode"), (FieldTypes.Url, "Url"), (FieldTypes.Attachment, "Attachment"),
        (FieldTypes.Location, "Location"), (FieldTypes.GroupChat, "GroupChat"), (FieldTypes.CreatedTime, "CreatedTime"),
        (FieldTypes.ModifiedTime, "ModifiedTime"), (FieldTypes.CreatedUser, "CreatedUser"), (FieldTypes.ModifiedUser, "ModifiedUser"),
        (FieldTypes.AutoNumber, "AutoNumber"),
    ];

    public static string Add(TableEdit edit, string tableId, string name, string ui)
    {
        var kind = Kinds.FirstOrDefault(k => k.Ui == ui);
        if (kind.Ui is null) throw new EditRefusedException(new("There is no such type of field", "没有这种字段类型"));
        var table = edit.Table(tableId);
        if (table.Fields.Length >= FieldsApi.MostFields)
            throw new EditRefusedException(new("There is no room for more fields", "字段数量已达上限"));
        var field = new TableField
        {
            FieldId = edit.NewId("fld", 7), Name = Name(table, name, null), Type = kind.Type, UiType = kind.Ui,
            Property = kind.Ui switch
            {
                "Number" => """{"formatter":"0"}""",
                "Currency" => """{"formatter":"0.00","currency_code":"CNY"}""",
                "Progress" => """{"formatter":"0%","min":0,"max":1}""",
                "Rating" => """{"formatter":"0","min":1,"max":5,"rating":{"symbol":"star"}}""",
                "DateTime" => """{"date_formatter":"yyyy/MM/dd","auto_fill":false}""",
                "CreatedTime" or "ModifiedTime" => """{"date_formatter":"yyyy/MM/dd HH:mm"}""",
                _ => "",
            },
        };
        edit.Put(tableId, field);
        return field.FieldId;
    }

    public static string Rename(TableEdit edit, string tableId, string fieldId, string name)
    {
        var (table, field) = Found(edit, tableId, fieldId);
        edit.Put(tableId, field with { Name = Name(table, name, field) });
        return fieldId;
    }

    /// <summary>The first field stays: the platform deletes none that names its rows (1254046).</summary>
    public static string Delete(TableEdit edit, string tableId, string fieldId)
    {
        var (_, field) = Found(edit, tableId, fieldId);
        if (field.IsPrimary) throw new EditRefusedException(new("The first field cannot be deleted", "索引列不能删除"));
        edit.Remove(tableId, field);
        if (field is { BackField: { } back, LinkedTable: { } linked } && edit.Base.Table(linked)?.Field(back) is { } fellow)
            edit.Remove(linked, fellow);
        return fieldId;
    }

    /// <summary>Names and colours of options, and new ones (without id); those that are not listed stay as they are.</summary>
    public static string Options(TableEdit edit, string tableId, string fieldId, IReadOnlyList<OptionInput> given)
    {
        var (_, field) = Found(edit, tableId, fieldId);
        if (!FieldTypes.IsSelect(field.Type)) throw EditRefusedException.Of(1254015);
        var options = field.Options.ToBuilder();
        foreach (var option in given)
        {
            var name = option.Name.Trim();
            if (name.Length is 0 or > LongestName) throw new EditRefusedException(new("An option needs a name", "选项需要名称"));
            if (option.Color is < 0 or > 54) throw new EditRefusedException(new("There is no such colour", "没有这种颜色"));
            var place = option.Id is null ? -1 : field.PlaceOf(option.Id);
            if (option.Id is not null && place < 0) throw new EditRefusedException(new("The option is gone meanwhile", "该选项已不存在"));
            if (place >= 0) options[place] = options[place] with { Name = name, Color = option.Color };
            else options.Add(new SelectOption(edit.NewId("opt", 12), name, option.Color));
        }

        var named = given.Select(o => o.Name.Trim()).ToHashSet(StringComparer.Ordinal);
        if (options.GroupBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1 && named.Contains(g.Key)) is { } twice)
            throw new EditRefusedException(new($"There is an option \"{twice.Key}\" already", $"已有名为“{twice.Key}”的选项"));
        if (options.Count > 20_000) throw new EditRefusedException(new("There is no room for more options", "选项数量已达上限"));
        edit.Put(tableId, field with { Options = options.ToImmutable() });
        return fieldId;
    }

    private static (DataTable Table, TableField Field) Found(TableEdit edit, string tableId, string fieldId) =>
        edit.Base.Table(tableId) is { } table && table.Field(fieldId) is { } field ? (table, field)
            : throw new EditRefusedException(new("The field was deleted meanwhile", "该字段已被删除"));

    private static string Name(DataTable table, string given, TableField? present)
    {
        var name = given.Trim();
        if (name.Length is 0 or > LongestName)
            throw new EditRefusedException(new("A field needs a name of at most 100 characters", "字段名称不能为空，且不超过 100 个字符"));
        if (name.AsSpan().IndexOfAny('[', ']') >= 0)
            throw new EditRefusedException(new("A field's name has no square brackets", "字段名称不能包含方括号"));
        return table.FieldNamed(name) is { } other && other.FieldId != present?.FieldId
            ? throw new EditRefusedException(new($"There is a field \"{name}\" already", $"已有名为“{name}”的字段")) : name;
    }
}

/// <param name="Id">Null: a new one.</param>
internal sealed record OptionInput(string? Id, string Name, int Color);
