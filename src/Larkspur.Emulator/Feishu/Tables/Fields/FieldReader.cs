using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Fields;

/// <summary>A field of a request, with the property that its type has. Source: bitable-v1/app-table-field/guide.</summary>
internal sealed class FieldReader(ApiRequest request, TableEdit edit)
{
    private const int LongestName = 100;
    private const int MostOptions = 20_000;

    private static readonly string[] Formatters = ["0", "0.0", "0.00", "0.000", "0.0000", "1,000", "1,000.00", "%", "0%", "0.00%",
        "0.0%", "¥", "¥0.00", "$", "$0.00"];
    private static readonly string[] Dates =
        ["yyyy/MM/dd", "yyyy-MM-dd HH:mm", "MM-dd", "MM/dd/yyyy", "dd/MM/yyyy", "yyyy-MM-dd", "yyyy/MM/dd HH:mm"];
    private static readonly string[] Currencies =
    [
        "CNY", "USD", "EUR", "GBP", "AED", "AUD", "BRL", "CAD", "CHF", "HKD", "INR", "IDR", "JPY", "KRW", "MOP", "MXN", "MYR", "PHP",
        "PLN", "RUB",
        "SGD", "THB", "TRY", "TWD", "VND",
    ];

    /// <param name="present">What it replaces; null: a new one.</param>
    /// <exception cref="ApiRefusedException">1254028, 1254029 the name, 1254014 taken; 1254026 an option without name; 1254080 to
    /// 1254096 the property.</exception>
    public TableField Read(JsonObject given, DataTable table, TableField? present)
    {
        var (name, type) = (Name(given, table, present), given["type"]!.GetValue<int>());
        var uiTypes = FieldTypes.UiTypes(type);
        var ui = given["ui_type"] is JsonValue v && v.TryGetValue<string>(out var text) && text.Length > 0 ? text : uiTypes[0];
        if (!uiTypes.Contains(ui)) throw Bad(type);
        var property = given["property"] as JsonObject ?? [];
        var same = present is not null && present.Type == type ? present : null;
        return new TableField
        {
            FieldId = present?.FieldId ?? edit.NewId("fld", 7), Name = name, Type = type, UiType = ui,
            IsPrimary = present?.IsPrimary ?? false,
            Description = given["description"] switch
            {
                JsonObject d when d["text"] is JsonValue t && t.TryGetValue<string>(out var said) => said,
                _ => "",
            },
            Property = Kept(property, type, ui),
            Serial = type == FieldTypes.AutoNumber ? SerialRule.Read(property["auto_serial"] as JsonObject) ?? throw Bad(type) : [],
            Options = FieldTypes.IsSelect(type) ? [.. Options(property, type, same)] : [],
            Multiple = property["multiple"] is not JsonValue m || m.GetValue<bool>(),
            LinkedTable = FieldTypes.IsLink(type) ? Linked(property, type) : null,
            BackField = same?.BackField,
            Formula = type == FieldTypes.Formula ? property.TextOf("formula_expression") : null,
        };
    }

    private string Name(JsonObject given, DataTable table, TableField? present)
    {
        var name = given.TextOf("field_name").Trim();
        if (name.Length == 0) throw request.Refuse(request.Endpoint.Errors.ContainsKey(1254028) ? 1254028 : 1254029);
        if (name.Length > LongestName || name.AsSpan().IndexOfAny('[', ']') >= 0) throw request.Refuse(1254029);
        if (table.FieldNamed(name) is { } other && other.FieldId != present?.FieldId) throw request.Refuse(1254014);
        return name;
    }

    private string Kept(JsonObject given, int type, string ui)
    {
        string[] names = type switch
        {
            FieldTypes.Text when ui == "Barcode" => ["allowed_edit_modes"],
            FieldTypes.Number => ui switch
            {
                "Currency" => ["formatter", "currency_code"], "Number" => ["formatter"],
                "Rating" => ["formatter", "min", "max", "rating"], _ => ["formatter", "min", "max", "range_customize"],
            },
            FieldTypes.DateTime => ["date_formatter", "auto_fill"],
            FieldTypes.Formula => ["formatter", "type"],
            FieldTypes.Location => ["location"],
            FieldTypes.CreatedTime or FieldTypes.ModifiedTime => ["date_formatter"],
            FieldTypes.AutoNumber => ["auto_serial"],
            _ => [],
        };
        var kept = new JsonObject(names.Where(n => given[n] is not null).Select(n => KeyValuePair.Create(n, given[n]?.DeepClone())));
        if (type == FieldTypes.Number) kept["formatter"] ??= "0";
        if (ui == "Currency") kept["currency_code"] ??= "CNY";
        if (type is FieldTypes.DateTime or FieldTypes.CreatedTime or FieldTypes.ModifiedTime) kept["date_formatter"] ??= "yyyy/MM/dd";
        if (kept["formatter"] is not null && !Formatters.Contains(kept.TextOf("formatter"))) throw Bad(type);
        if (kept["date_formatter"] is not null && !Dates.Contains(kept.TextOf("date_formatter"))) throw Bad(type);
        if (kept["currency_code"] is not null && !Currencies.Contains(kept.TextOf("currency_code"))) throw Bad(type);
        if (Number(kept, "max") is { } max && ((Number(kept, "min") ?? 0) > max || (ui == "Rating" && max > 10))) throw Bad(type);
        return kept.Count == 0 ? "" : kept.ToJsonString();
    }

    /// <summary>The list replaces the one before: an option goes on under its id, or under its name where no id is given.</summary>
    private IEnumerable<SelectOption> Options(JsonObject property, int type, TableField? present)
    {
        var given = (property["options"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (given.Length > MostOptions) throw Bad(type);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, option) in given.Index())
        {
            var (id, name) = (option.TextOf("id"), option.TextOf("name"));
            var known = id.Length > 0 ? present?.Option(id) : present?.OptionNamed(name);
            if (name.Length == 0) throw request.Refuse(request.Endpoint.Errors.ContainsKey(1254026) ? 1254026 : 1254001);
            if ((id.Length > 0 && known is null) || (!names.Add(name) && known is null)) throw Bad(type);
            var colour = option["color"] is JsonValue c && c.TryGetValue<int>(out var number) ? number : known?.Color ?? index % 55;
            yield return new SelectOption(known?.Id ?? edit.NewId("opt", 12), name, colour);
        }
    }

    private string Linked(JsonObject property, int type) =>
        edit.Base.Table(property.TextOf("table_id")) is { } table ? table.TableId : throw Bad(type);

    private static double? Number(JsonObject of, string name) =>
        of[name] is JsonValue v && v.TryGetValue<double>(out var number) ? number : null;

    private ApiRefusedException Bad(int type) => request.Endpoint.Errors.ContainsKey(1254080) ? request.Refuse(type switch
    {
        FieldTypes.Text => 1254080, FieldTypes.Number => 1254081, FieldTypes.SingleSelect => 1254082, FieldTypes.MultiSelect => 1254083,
        FieldTypes.DateTime => 1254084, FieldTypes.Checkbox => 1254085, FieldTypes.User => 1254086, FieldTypes.Url => 1254087,
        FieldTypes.Attachment => 1254088, FieldTypes.SingleLink => 1254089, FieldTypes.Lookup => 1254090, FieldTypes.Formula => 1254091,
        FieldTypes.DuplexLink => 1254092, FieldTypes.CreatedTime => 1254093, FieldTypes.ModifiedTime => 1254094,
        FieldTypes.CreatedUser => 1254095, FieldTypes.ModifiedUser => 1254096, _ => 1254001,
    }) : request.Refuse(1254001);
}
