using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Objects against the fields that the catalogue gives them.</summary>
internal static class FieldCheck
{
    public static void Object(CardInspection c, JsonElement value, FieldSet fields)
    {
        if (c.IsFull) return;
        if (value.TryGetProperty("tag", out _)) c.Elements++;
        foreach (var property in value.EnumerateObject())
        {
            if (fields.Find(property.Name) is not { } field)
            {
                UnknownProperty.Report(c, value, property, fields);
                continue;
            }

            c.Path.Push(property.Name);
            Value(c, property.Value, field);
            c.Path.Pop();
        }

        foreach (var field in fields.Required)
        {
            if (value.TryGetProperty(field.Name, out _) || value.TryGetProperty("i18n_" + field.Name, out _)) continue;
            var only = field.Enum is { Count: 1 } values ? values.First() : null;
            c.Error(CardRules.MissingProperty, $"\"{field.Name}\" is missing.",
                $"Add \"{field.Name}\": {JsonTypes.Name(field.Kind)}{(only is null ? "" : $" (\"{only}\")")}.",
                only is null ? null : CardEdit.Add(field.Name, CardEdit.Quoted(only)));
        }

        RichText.CheckObject(c, value);
    }

    public static void Value(CardInspection c, JsonElement value, SchemaField field)
    {
        if (field.Kind == FieldKind.Map) Map(c, value, field);
        else if (field.IsArray) Array(c, value, field);
        else Single(c, value, field);
    }

    private static void Array(CardInspection c, JsonElement value, SchemaField field)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            c.Error(CardRules.WrongType, $"\"{field.Name}\" is {JsonTypes.Name(value.ValueKind)}; it must be a list.",
                $"Write \"{field.Name}\":[…].",
                value.ValueKind == JsonValueKind.Null ? CardEdit.Value("[]") : CardEdit.Value($"[{value.GetRawText()}]"));
            return;
        }

        if (field.MaxItems is { } max && value.GetArrayLength() > max)
        {
            c.Error(CardRules.TooManyItems, $"\"{field.Name}\" has {value.GetArrayLength()} items; {max} are allowed.", $"Leave at most {max}.");
        }

        switch (field.Content)
        {
            case FieldContent.Components:
                ComponentCheck.Children(c, value);
                return;
            case FieldContent.Columns:
                ComponentCheck.List(c, value, "columns");
                return;
            case FieldContent.Behaviors:
                BehaviorCheck.List(c, value);
                return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            c.Path.Push(index++);
            if (field is { LocaleKeys: true, Kind: FieldKind.String } && item.ValueKind == JsonValueKind.String) Locale(c, item.GetString()!);
            else Single(c, item, field);
            c.Path.Pop();
        }
    }

    private static void Single(CardInspection c, JsonElement value, SchemaField field)
    {
        if (!JsonTypes.Fits(value, field.Kind))
        {
            var (given, must) = (JsonTypes.Name(value.ValueKind), JsonTypes.Name(field.Kind));
            c.Error(CardRules.WrongType, $"\"{field.Name}\" is {given}; it must be {must}.", $"Write it as {must}.",
                JsonTypes.Converted(value, field));
            return;
        }

        if (field.Deprecated) DeprecatedProperty(c, field);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when field.Content == FieldContent.Header:
                Object(c, value, c.Version.Header);
                break;
            case JsonValueKind.Object when field.Content == FieldContent.Components:
                ComponentCheck.Extra(c, value, field);
                break;
            case JsonValueKind.Object when field.Fields is not null:
                Object(c, value, field.Fields);
                break;
            case JsonValueKind.Object when field.Name == "multi_url":
                UrlCheck.Properties(c, value);
                break;
            case JsonValueKind.String:
                TextCheck.Check(c, value.GetString()!, field);
                break;
            case JsonValueKind.Number when field.Min is not null || field.Max is not null:
                Number(c, value.GetDouble(), field);
                break;
            case JsonValueKind.False when field.MustBeTrue:
                c.Error(CardRules.UpdateMulti, $"\"{field.Name}\" is false; cards of JSON 2.0 are always shared.",
                    "Remove it, or write true. For a card of one person use JSON 1.0 or a message that only they see.",
                    CardEdit.Value("true"));
                break;
        }
    }

    private static void Map(CardInspection c, JsonElement value, SchemaField field)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            c.Error(CardRules.WrongType, $"\"{field.Name}\" is {JsonTypes.Name(value.ValueKind)}; it must be an object.", field.LocaleKeys ? "Write {\"zh_cn\":…,\"en_us\":…}." : "Write {\"name\":…}.");
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            c.Path.Push(property.Name);
            if (field.LocaleKeys) Locale(c, property.Name);
            MapValue(c, property.Value, field);
            c.Path.Pop();
        }
    }

    private static void MapValue(CardInspection c, JsonElement value, SchemaField field)
    {
        switch (field.Content)
        {
            case FieldContent.Components or FieldContent.TextTags when value.ValueKind != JsonValueKind.Array:
                c.Error(CardRules.WrongType, $"A language of \"{field.Name}\" is {JsonTypes.Name(value.ValueKind)}; it must be a list.", "Write a list of elements.");
                break;
            case FieldContent.Components:
                ComponentCheck.Children(c, value);
                break;
            case FieldContent.TextTags:
                Value(c, value, c.Version.Header.Find("text_tag_list")!);
                break;
            case FieldContent.Header or FieldContent.Plain when (field.Content == FieldContent.Header || field.Fields is not null) && value.ValueKind != JsonValueKind.Object:
                c.Error(CardRules.WrongType, $"A value of \"{field.Name}\" is {JsonTypes.Name(value.ValueKind)}; it must be an object.", "Write {…}.");
                break;
            case FieldContent.Header:
                Object(c, value, c.Version.Header);
                break;
            case FieldContent.Plain when field.Fields is not null:
                Object(c, value, field.Fields);
                break;
            case FieldContent.Plain when value.ValueKind != JsonValueKind.String:
                c.Error(CardRules.WrongType, $"A translation in \"{field.Name}\" is {JsonTypes.Name(value.ValueKind)}; it must be a string.", "Write the text of that language.");
                break;
            case FieldContent.Plain when field.Name == "i18n_img_key":
                ImageCheck.Key(c, value.GetString()!);
                break;
        }
    }

    private static void Number(CardInspection c, double value, SchemaField field)
    {
        if (value >= (field.Min ?? double.NegativeInfinity) && value <= (field.Max ?? double.PositiveInfinity)) return;
        c.Error(CardRules.Range, $"\"{field.Name}\" is {value}; it must be {field.Min} to {field.Max}.", "Choose a number in that range.");
    }

    private static void Locale(CardInspection c, string locale)
    {
        var locales = CardSchema.Instance.Locales;
        if (locales.Contains(locale)) return;
        c.Warn(CardRules.UnknownLocale, $"{CardInspection.Quote(locale)} is no language of cards; nobody sees its text.",
            Suggestion.OneOf(locale.Replace('-', '_').ToLowerInvariant(), locales));
    }

    private static void DeprecatedProperty(CardInspection c, SchemaField field) =>
        c.Warn(CardRules.Deprecated, $"\"{field.Name}\" is superseded.", field.Name switch
        {
            "url" or "multi_url" => "Use \"behaviors\":[{\"type\":\"open_url\",\"default_url\":…}].",
            "value" => "Use \"behaviors\":[{\"type\":\"callback\",\"value\":…}].",
            "wide_screen_mode" or "compact_width" => "Use \"width_mode\".",
            "mode" or "custom_width" => "Use \"scale_type\" and \"size\".",
            _ => "Remove it.",
        });
}
