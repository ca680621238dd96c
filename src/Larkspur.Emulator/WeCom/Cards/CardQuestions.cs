using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>The parts of a card that people use.</summary>
internal static class CardQuestions
{
    public static void Menu(JsonObject card)
    {
        if (WeComJson.Object(card, "action_menu") is not { } menu) return;
        var list = WeComJson.Objects(menu, "action_list") ?? [];
        if (list.Count is 0 or > CardRules.MostMenuEntries) throw WeComRefusal.Parameter("action_menu.action_list holds 1 to 3 entries");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in list)
        {
            if (WeComJson.Text(entry, "text") is not { Length: > 0 }) throw new WeComRefusal(42038, "action_menu.action_list.text missing");
            if (WeComJson.Text(entry, "key") is not { Length: > 0 } key || WeComJson.Bytes(key) > CardRules.LongestKey) throw new WeComRefusal(42039, "invalid action_menu.action_list.key");
            if (!keys.Add(key)) throw new WeComRefusal(42051, "duplicate action_menu.action_list.key");
        }
    }

    public static void Buttons(JsonObject card)
    {
        var list = WeComJson.Objects(card, "button_list") ?? [];
        if (list.Count is 0 or > CardRules.MostButtons) throw new WeComRefusal(42039, "button_list holds 1 to 6 buttons");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var button in list)
        {
            if (WeComJson.Text(button, "text") is not { Length: > 0 }) throw new WeComRefusal(42038, "button_list.text missing");
            if (WeComJson.Number(button, "type") == 1)
            {
                if (WeComJson.Text(button, "url") is not { Length: > 0 }) throw new WeComRefusal(42028, "button_list.url missing");
                continue;
            }

            if (WeComJson.Text(button, "key") is not { Length: > 0 } key || WeComJson.Bytes(key) > CardRules.LongestKey || !keys.Add(key)) throw new WeComRefusal(42039, "invalid button_list.key");
        }
    }

    public static void Selections(JsonObject card)
    {
        var list = WeComJson.Objects(card, "select_list") ?? [];
        if (list.Count is 0 or > CardRules.MostSelections) throw new WeComRefusal(42047, "invalid select_list length");
        foreach (var item in list) Selection(item, CardRules.MostOptions);
        if (list.Select(i => WeComJson.Text(i, "question_key")).Distinct(StringComparer.Ordinal).Count() != list.Count) throw new WeComRefusal(42043, "duplicate select_list.question_key");
    }

    /// <summary>A question with its options; they say what can be chosen.</summary>
    public static void Selection(JsonObject question, int most)
    {
        if (WeComJson.Text(question, "question_key") is not { Length: > 0 } key || WeComJson.Bytes(key) > CardRules.LongestKey) throw new WeComRefusal(42043, "invalid question_key");
        var options = WeComJson.Objects(question, "option_list") ?? [];
        if (options.Count == 0 || options.Count > most) throw new WeComRefusal(42037, "invalid option_list length");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (WeComJson.Text(option, "id") is not { Length: > 0 } id || WeComJson.Bytes(id) > CardRules.LongestId || !ids.Add(id)) throw new WeComRefusal(42040, "invalid option_list.id");
            if (WeComJson.Text(option, "text") is not { Length: > 0 }) throw new WeComRefusal(42041, "option_list.text missing");
        }
    }

    public static void Submit(JsonObject card)
    {
        var button = WeComJson.Object(card, "submit_button");
        if (button is null || WeComJson.Text(button, "key") is not { Length: > 0 } key || WeComJson.Bytes(key) > CardRules.LongestKey) throw new WeComRefusal(42046, "invalid submit_button.key");
        if (WeComJson.Text(button, "text") is not { Length: > 0 }) throw new WeComRefusal(42049, "submit_button.text missing");
    }
}
