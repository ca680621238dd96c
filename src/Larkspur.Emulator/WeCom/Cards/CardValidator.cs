using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>Validates a template card as the platform does: what is only a suggestion for display passes, counts, bytes and required members do not.</summary>
internal static partial class CardValidator
{
    /// <param name="card">The member <c>template_card</c>.</param>
    /// <param name="place">Where it goes.</param>
    /// <param name="update">It replaces another card: nothing on it needs an id of its own.</param>
    /// <exception cref="WeComRefusal">42014 to 42051, or 40058.</exception>
    public static void Check(JsonObject card, CardPlace place, bool update = false)
    {
        var type = WeComJson.Text(card, "card_type");
        if (!CardRules.IsKnown(type)) throw new WeComRefusal(42031, "invalid template_card card_type");
        if (place == CardPlace.GroupRobot && (CardRules.IsInteractive(type) || card["action_menu"] is not null)) throw new WeComRefusal(42031, "a group robot sends text_notice and news_notice without action_menu only");
        Notice(card, type!, place);
        CardLists.Horizontal(card, place);
        CardLists.Vertical(card);
        CardLists.Jumps(card, place);
        CardQuestions.Menu(card);
        switch (type)
        {
            case CardRules.ButtonInteraction:
                CardQuestions.Buttons(card);
                if (WeComJson.Object(card, "button_selection") is { } selection) CardQuestions.Selection(selection, CardRules.MostOptions);
                break;
            case CardRules.VoteInteraction:
                CardQuestions.Selection(WeComJson.Object(card, "checkbox") ?? throw new WeComRefusal(42043, "checkbox.question_key missing"), CardRules.MostVotes);
                CardQuestions.Submit(card);
                break;
            case CardRules.MultipleInteraction:
                CardQuestions.Selections(card);
                CardQuestions.Submit(card);
                break;
        }

        TaskId(card, type!, update);
    }

    private static void Notice(JsonObject card, string type, CardPlace place)
    {
        var title = WeComJson.Object(card, "main_title") is { } main ? WeComJson.Text(main, "title") : null;
        var titled = !string.IsNullOrEmpty(title) || (type == CardRules.TextNotice && WeComJson.Text(card, "sub_title_text") is { Length: > 0 });
        if (!titled) throw new WeComRefusal(42033, "main_title.title missing");
        foreach (var part in new[] { "source", "emphasis_content", "quote_area" }) WeComJson.Object(card, part);
        if (WeComJson.Object(card, "quote_area") is { } quote) Link(quote, "quote_area");

        var action = WeComJson.Object(card, "card_action");
        if (action is null && type is CardRules.TextNotice or CardRules.NewsNotice) throw new WeComRefusal(42045, "card_action missing");
        if (action is not null)
        {
            var kind = WeComJson.Number(action, "type") ?? 0;
            var needed = type is CardRules.TextNotice or CardRules.NewsNotice && place == CardPlace.Application;
            if (kind is < 0 or > 2 || (kind == 0 && needed)) throw new WeComRefusal(42045, "invalid card_action.type");
            Link(action, "card_action");
        }

        if (WeComJson.Object(card, "card_image") is { } image)
        {
            if (WeComJson.Text(image, "url") is not { Length: > 0 }) throw new WeComRefusal(42044, "card_image.url missing");
            if (image["aspect_ratio"] is JsonValue v && v.TryGetValue<double>(out var ratio) && ratio is < CardRules.LeastRatio or >= CardRules.MostRatio) throw new WeComRefusal(42044, "invalid card_image.aspect_ratio");
        }

        var beside = WeComJson.Object(card, "image_text_area");
        if (beside is not null)
        {
            if (WeComJson.Text(beside, "image_url") is not { Length: > 0 }) throw new WeComRefusal(42044, "image_text_area.image_url missing");
            Link(beside, "image_text_area");
        }

        if (type == CardRules.NewsNotice && card["card_image"] is null && beside is null) throw new WeComRefusal(42044, "card_image.url missing");
    }

    /// <summary>A part that leads somewhere: 1 to an address, 2 to a mini program.</summary>
    internal static void Link(JsonObject part, string what)
    {
        switch (WeComJson.Number(part, "type") ?? 0)
        {
            case 1 when WeComJson.Text(part, "url") is not { Length: > 0 }:
                throw new WeComRefusal(42028, $"{what}.url missing");
            case 2 when WeComJson.Text(part, "appid") is not { Length: > 0 }:
                throw new WeComRefusal(42030, $"{what}.appid missing");
        }
    }

    private static void TaskId(JsonObject card, string type, bool update)
    {
        var id = WeComJson.Text(card, "task_id") ?? "";
        var needed = !update && (CardRules.IsInteractive(type) || card["action_menu"] is not null);
        if (id.Length == 0 ? needed : WeComJson.Bytes(id) > CardRules.LongestId || !TaskForm().IsMatch(id)) throw new WeComRefusal(42014, "invalid task_id");
    }

    [GeneratedRegex(@"\A[0-9A-Za-z_\-@]+\z")]
    private static partial Regex TaskForm();
}
