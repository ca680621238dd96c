using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Builds the <c>action</c> of a card callback from what the person did.</summary>
internal static class CardAction
{
    public const string Timezone = "Asia/Shanghai";

    /// <param name="openId">Turns a person's <c>user_id</c> into the app's open_id, for person pickers.</param>
    /// <param name="refusal">Why the client does not even ask the bot.</param>
    public static JsonObject? Build(JsonObject card, CardPart part, CardClick click, Func<string, string> openId, out ClickResult? refusal)
    {
        refusal = null;
        var action = new JsonObject { ["tag"] = part.Tag };
        if (part.CallbackValue is { } value) action["value"] = value.DeepClone();
        if (part.Name is { } name) action["name"] = name;
        action["timezone"] = Timezone;
        if (part.Form is { } form)
        {
            if (part.Tag is not ("button" or "interactive_container"))
            {
                refusal = new ClickResult(Error: new LocalizedText("This part belongs to a form: it is sent by the form's submit button.", "这个组件属于表单，由表单的提交按钮一起提交。"));
                return null;
            }

            if (part.Submits) action["form_value"] = FormValue(card, form, click, openId, out refusal);
            return refusal is null ? action : null;
        }

        refusal = Fill(action, part, click, openId);
        return refusal is null ? action : null;
    }

    private static ClickResult? Fill(JsonObject action, CardPart part, CardClick click, Func<string, string> openId)
    {
        switch (part.Tag)
        {
            case "input":
                action["input_value"] = click.InputValue ?? "";
                break;
            case "checker":
                action["checked"] = click.Checked ?? true;
                break;
            case "multi_select_static" or "multi_select_person":
                if (NotOffered(part, click.Options) is { } wrong) return new ClickResult(Error: new LocalizedText($"There is no option {wrong}.", $"没有选项 {wrong}。"));
                action["options"] = new JsonArray([.. click.Options.Select(o => (JsonNode)Picked(part, o, openId))]);
                break;
            case "select_static" or "select_person" or "overflow" or "select_img" or "date_picker" or "picker_time" or "picker_datetime":
                if (click.Option is not { } option) return new ClickResult(Error: new LocalizedText("Say which option is picked.", "请选择一个选项。"));
                if (NotOffered(part, [option]) is not null) return new ClickResult(Error: new LocalizedText($"There is no option {option}.", $"没有选项 {option}。"));
                action["option"] = Picked(part, option, openId);
                break;
        }

        return null;
    }

    private static JsonObject? FormValue(JsonObject card, JsonObject form, CardClick click, Func<string, string> openId, out ClickResult? refusal)
    {
        refusal = null;
        var values = new JsonObject();
        foreach (var input in CardParts.InputsOf(card, form))
        {
            if (input.Name is not { Length: > 0 } name)
            {
                refusal = new ClickResult(ErrorCode: 200530, Error: CallbackErrors.Text(200530));
                return null;
            }

            var given = click.FormValue?[name]?.DeepClone() ?? Default(input);
            var empty = given is null or JsonArray { Count: 0 } || (given is JsonValue v && v.TryGetValue<string>(out var s) && s.Length == 0);
            if (empty && input.Element["required"] is JsonValue required && required.GetValueKind() == JsonValueKind.True)
            {
                refusal = new ClickResult(Error: new LocalizedText($"“{name}” must be filled in.", $"“{name}”必须填写。"));
                return null;
            }

            // What the person cleared is left out, and does not fall back to what the card had filled in.
            if (given is null || (empty && input.Tag is not "input")) continue;
            var texts = given is JsonArray list ? [.. list.OfType<JsonValue>().Select(x => x.ToString())] : ImmutableArray.Create(given.ToString());
            if (!empty && input.Tag is not ("input" or "checker") && NotOffered(input, texts) is { } wrong)
            {
                refusal = new ClickResult(Error: new LocalizedText($"“{name}” has no option {wrong}.", $"“{name}”没有选项 {wrong}。"));
                return null;
            }

            values[name] = input.Tag is "input" or "checker" ? given
                : given is JsonArray ? new JsonArray([.. texts.Select(t => (JsonNode)Picked(input, t, openId))])
                : Picked(input, texts[0], openId);
        }

        return values;
    }

    private static JsonNode? Default(CardPart input) => (input.Tag switch
    {
        "input" => input.Element["default_value"],
        "checker" => input.Element["checked"] ?? JsonValue.Create(false),
        "multi_select_static" or "multi_select_person" => input.Element["selected_values"],
        "date_picker" => input.Element["initial_date"],
        "picker_time" => input.Element["initial_time"],
        "picker_datetime" => input.Element["initial_datetime"],
        _ => input.Element["initial_option"],
    })?.DeepClone();

    /// <summary>Pickers add the zone; person pickers hand out open_ids.</summary>
    private static string Picked(CardPart part, string option, Func<string, string> openId) => part.Tag switch
    {
        "date_picker" or "picker_time" or "picker_datetime" => option.Contains('+') ? option : option + " +0800",
        "select_person" or "multi_select_person" => option.StartsWith("ou_", StringComparison.Ordinal) ? option : openId(option),
        _ => option,
    };

    private static string? NotOffered(CardPart part, ImmutableArray<string> picked)
    {
        if (part.Tag is not ("select_static" or "multi_select_static" or "overflow" or "select_img")) return null;
        if (part.Element["options"] is not JsonArray options) return null;
        var offered = options.OfType<JsonObject>().Select(o => CardPart.Text(o, "value")).ToHashSet();
        return picked.FirstOrDefault(p => !offered.Contains(p));
    }
}
