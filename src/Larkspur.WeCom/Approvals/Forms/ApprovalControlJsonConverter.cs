using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

internal sealed class ApprovalControlJsonConverter : JsonConverter<ApprovalControl>
{
    public override ApprovalControl Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Wire wire = JsonSerializer.Deserialize<Wire>(ref reader, options) ?? throw new JsonException("A control is null.");
        return new ApprovalControl
        {
            Kind = wire.Property.Control, Id = wire.Property.Id, Title = wire.Property.Title ?? [], Placeholder = wire.Property.Placeholder ?? [], IsRequired = wire.Property.Require == 1,
            IsNotPrinted = wire.Property.UnPrint == 1, Config = ReadConfig(wire.Property.Control, wire.Config, options),
        };
    }

    public override void Write(Utf8JsonWriter writer, ApprovalControl value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new
        {
            property = new
            {
                control = value.Kind, id = value.Id, title = value.Title, placeholder = value.Placeholder.Count > 0 ? value.Placeholder : null, require = value.IsRequired ? 1 : 0, un_print = value.IsNotPrinted ? 1 : 0,
            },
            config = WriteConfig(value.Config),
        },
        options);

    private static ControlConfig? ReadConfig(string kind, JsonElement config, JsonSerializerOptions options)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.EnumerateObject().Any()) return null;
        try
        {
            Config read = config.Deserialize<Config>(options)!;
            return kind switch
            {
                "Date" when read.Date is { Type: { } type } => new DateConfig(type == "day"),
                "DateRange" when read.DateRange is { Type: { } type } => new DateRangeConfig(type == "halfday"),
                "Selector" when read.Selector is { Options: { } choices } selector => new SelectorConfig(selector.Type == "multi", [.. choices.OfType<OptionWire>().Select(o => new SelectedOption(o.Key, o.Texts(options)))]),
                "Contact" when read.Contact is { } contact => new ContactConfig(contact.Type == "multi", contact.Mode == "department"),
                "Table" when read.Table is { Children: { } columns } => new TableConfig([.. columns.OfType<ApprovalControl>()]),
                _ => new RawConfig(config),
            };
        }
        catch (JsonException)
        {
            // A shape that this version does not know is kept as it is.
            return new RawConfig(config);
        }
    }

    private static object WriteConfig(ControlConfig? config) => config switch
    {
        null => new { },
        DateConfig date => new { date = new { type = date.IsDay ? "day" : "hour" } },
        DateRangeConfig range => new { date_range = new { type = range.IsHalfDay ? "halfday" : "hour" } },
        // Sent, an option has one text and no list of them.
        SelectorConfig selector => new
        {
            selector = new { type = selector.IsMultiple ? "multi" : "single", options = selector.Options.Select(o => new { key = o.Key, value = o.Text is [{ } text, ..] ? text : new LocalizedText(o.Key) }) },
        },
        ContactConfig contact => new { contact = new { type = contact.IsMultiple ? "multi" : "single", mode = contact.OfDepartments ? "department" : "user" } },
        TableConfig table => new { table = new { children = table.Columns } },
        RawConfig raw => raw.Json,
        _ => throw new NotSupportedException($"{config.GetType().Name} is not a config of this SDK; send it as RawConfig."),
    };

    private sealed record Wire([property: JsonRequired] Property Property, JsonElement Config);

    private sealed record Property(
        [property: JsonRequired] string Control, [property: JsonRequired] string Id, IReadOnlyList<LocalizedText>? Title, IReadOnlyList<LocalizedText>? Placeholder, int Require, int UnPrint);

    private sealed record Config(TypeWire? Date, TypeWire? DateRange, SelectorWire? Selector, ContactWire? Contact, TableWire? Table);

    private sealed record TypeWire(string? Type);

    private sealed record ContactWire(string? Type, string? Mode);

    private sealed record SelectorWire(string? Type, OptionWire?[]? Options);

    private sealed record TableWire(IReadOnlyList<ApprovalControl>? Children);

    private sealed record OptionWire([property: JsonRequired] string Key, JsonElement Value)
    {
        public IReadOnlyList<LocalizedText>? Texts(JsonSerializerOptions options) => Value.ValueKind switch
        {
            JsonValueKind.Array => Value.Deserialize<IReadOnlyList<LocalizedText>>(options),
            JsonValueKind.Object => [Value.Deserialize<LocalizedText>(options)!],
            _ => null,
        };
    }
}
