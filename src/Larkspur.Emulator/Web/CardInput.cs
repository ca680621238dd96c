using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Web.Cards;

namespace Larkspur.Emulator.Web;

/// <summary>
/// From what the browser collected to what the platform's client reports. The kind of a component is read from the card, never
/// believed from the page; dates and times carry the offset, as <c>2026-04-01 +0800</c>, <c>09:30 +0800</c>, <c>2026-04-01 09:30 +0800</c>.
/// </summary>
/// <remarks>
/// What is picked is wall-clock time where the company's people live, wherever the browser runs: the callback names that zone too.
/// </remarks>
internal static class CardInput
{
    private const string CompanyOffset = "+0800";

    /// <returns>Null when the pointer leads to no component of the card.</returns>
    public static CardClick? Read(string cardJson, ClickRequest request)
    {
        if (CardDocument.Parse(cardJson)?.Root is not { } card) return null;
        var component = card.Follow(request.At);
        if (!component.IsObject) return null;

        var click = new CardClick { Path = request.At };
        if (request.Form is { } form) return click with { FormValue = Form(FormAround(card, request.At), form) };

        var value = request.Value;
        return component.Text("tag") switch
        {
            "input" => click with { InputValue = value.AsText() ?? "" },
            "checker" => click with { Checked = value.ValueKind == JsonValueKind.True },
            "multi_select_static" or "multi_select_person" => click with { Options = Strings(value) },
            "select_img" => click with { Options = Strings(value), Option = Strings(value).FirstOrDefault() },
            "select_static" or "select_person" or "overflow" => click with { Option = value.AsText() },
            "date_picker" or "picker_time" or "picker_datetime" => click with { Option = Picked(component.Text("tag")!, value.AsText() ?? "") },
            _ => click,
        };
    }

    private static string Picked(string tag, string value)
    {
        var (read, written) = tag switch
        {
            "date_picker" => ("yyyy-MM-dd", "yyyy-MM-dd"),
            "picker_time" => ("HH:mm", "HH:mm"),
            _ => ("yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"),
        };
        if (!DateTime.TryParseExact(value, read, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)) return value;
        return $"{moment.ToString(written, CultureInfo.InvariantCulture)} {CompanyOffset}";
    }

    private static JsonObject Form(JsonElement form, Dictionary<string, JsonElement> values)
    {
        var answer = new JsonObject();
        foreach (var control in Controls(form, 0))
        {
            if (control.Text("name") is not { Length: > 0 } name || !values.TryGetValue(name, out var value) || answer.ContainsKey(name)) continue;
            answer[name] = control.Text("tag") switch
            {
                "checker" => value.ValueKind == JsonValueKind.True,
                "multi_select_static" or "multi_select_person" or "select_img" => new JsonArray([.. Strings(value).Select(static s => (JsonNode)s)]),
                "date_picker" or "picker_time" or "picker_datetime" => Picked(control.Text("tag")!, value.AsText() ?? ""),
                _ => value.AsText() ?? "",
            };
        }

        return answer;
    }

    private static JsonElement FormAround(JsonElement card, string pointer)
    {
        for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
        {
            if (card.Follow(pointer[..end]) is { ValueKind: JsonValueKind.Object } here && here.Text("tag") == "form") return here;
        }

        return default;
    }

    private static IEnumerable<JsonElement> Controls(JsonElement json, int depth)
    {
        if (depth > 40) yield break;
        if (json.IsObject)
        {
            if (json.Text("tag") is { } tag && tag is not ("form" or "button") && json.Text("name") is not null) yield return json;
            foreach (var inner in json.EnumerateObject().SelectMany(member => Controls(member.Value, depth + 1))) yield return inner;
        }
        else if (json.IsArray)
        {
            foreach (var inner in json.EnumerateArray().SelectMany(item => Controls(item, depth + 1))) yield return inner;
        }
    }

    private static ImmutableArray<string> Strings(JsonElement value) =>
        value.IsArray ? [.. value.EnumerateArray().Select(static v => v.AsText() ?? "")] : value.AsText() is { Length: > 0 } one ? [one] : [];
}
